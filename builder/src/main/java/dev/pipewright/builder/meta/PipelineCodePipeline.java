package dev.pipewright.builder.meta;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.onlyIf;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.dsl.RunFacts;

/**
 * The meta-pipeline: turns the pipeline code in {@code sources/} of its workspace into {@code
 * bundle.jar} and {@code describe.json}. It carries the same name for every source; its runs are
 * named after theirs.
 */
public final class PipelineCodePipeline implements PipelineDefinition {
  /** What this pipeline calls itself. */
  public static final String NAME = "pipeline code";

  /** The folder of the workspace that holds the pipeline code, and so the prefix of a seed. */
  public static final String SOURCES = "sources";

  /** The artifact that holds the compiled code. */
  public static final String BUNDLE = "bundle.jar";

  /** The artifact that holds what the code says of itself. */
  public static final String DESCRIPTION = "describe.json";

  /**
   * The folder of the workspace with the libraries and their lock, and the parameter that says that
   * there are any.
   */
  public static final String LIBRARIES = "libraries";

  /** The file in it that says why there are none. */
  public static final String REFUSED = "refused.txt";

  static final String CLASSES = "classes";

  /** The folder that gets the report of the tests. */
  static final String REPORT = "test-report";

  /** The file in it that says in words which tests failed; TestsMain of pipeline-test writes it. */
  static final String FAILURES = "failures.json";

  /** How many files with tests there are; set by the first step. */
  static final Output<String> TESTS = Output.text("tests");

  @Override
  public Pipeline define() {
    return pipeline(NAME)
        .startedBy(manually())
        .runs(
            onlyIf(
                run -> run.parameter(LIBRARIES).isPresent(),
                step("resolve", ResolveStep::run).keeps(LibraryLock.FILE)),
            step("compile", CompileStep::run),
            onlyIf(
                PipelineCodePipeline::hasTests,
                step("test", TestStep::run).junit(REPORT + "/*.xml")),
            step("describe", DescribeStep::run),
            step("publish", PublishStep::run).keeps(BUNDLE, DESCRIPTION));
  }

  private static boolean hasTests(RunFacts run) {
    return run.output(TESTS).filter(tests -> !tests.equals("0")).isPresent();
  }
}
