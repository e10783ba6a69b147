package dev.pipewright.builder.meta;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;

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

  static final String CLASSES = "classes";

  @Override
  public Pipeline define() {
    return pipeline(NAME)
        .startedBy(manually())
        .runs(
            step("compile", CompileStep::run),
            step("describe", DescribeStep::run),
            step("publish", PublishStep::run).keeps(BUNDLE, DESCRIPTION));
  }
}
