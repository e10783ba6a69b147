package dev.pipewright.builder.meta;

import dev.pipewright.dsl.StepContext;
import dev.pipewright.protocol.json.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles the tests beside the pipeline code and runs them in a process of their own. A test that
 * fails fails the step with its name, message and line, and so nothing of the code is used.
 */
final class TestStep {
  /** The property that names the jars with JUnit and the tester of pipelines, as a class path. */
  static final String LIBRARIES = "pipewright.testing";

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String CLASSES = "test-classes";
  private static final int PASSED = 20;
  private static final int FAILED = 21;
  private static final int NONE = 22;

  private TestStep() {}

  static void run(StepContext step) throws IOException, InterruptedException {
    run(step, libraries(), LIMIT);
  }

  /** The jars that tests need beside the engine's. */
  private static List<String> libraries() throws IOException {
    String jars = System.getProperty(LIBRARIES, "");
    if (jars.isEmpty()) {
      throw new IOException(
          "This engine was started without JUnit (-D%s), so it cannot run tests of pipelines."
              .formatted(LIBRARIES));
    }
    return List.of(jars.split(File.pathSeparator, -1));
  }

  static void run(StepContext step, List<String> libraries, Duration limit)
      throws IOException, InterruptedException {
    Path workspace = step.workspace();
    Path classes = workspace.resolve(CLASSES);
    Folders.delete(classes);
    List<String> classPath = new ArrayList<>(libraries);
    classPath.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)));
    classPath.add(workspace.resolve(PipelineCodePipeline.CLASSES).toString());
    ResolveStep.jars(workspace).forEach(jar -> classPath.add(jar.toString()));
    compile(step, classPath, classes);
    classPath.add(classes.toString());
    Path report = Files.createDirectories(workspace.resolve(PipelineCodePipeline.REPORT));
    String run = step.run().pipeline() + "#" + step.run().number();
    Fork.End end =
        Fork.testing(classPath)
            .run(workspace, run, limit, List.of(classes.toString(), report.toString()));
    end.noise().forEach(step::log);
    switch (end) {
      case Fork.TooSlow _ ->
          throw step.failure(
              "The tests of the pipelines did not end within %d seconds."
                  .formatted(limit.toSeconds()));
      case Fork.TooMuch _ -> throw step.failure("The tests print more than 8 MiB.");
      case Fork.Exited exited -> accept(step, exited, report);
    }
  }

  private static void compile(StepContext step, List<String> classPath, Path classes)
      throws IOException {
    Compilation compilation =
        new PipelineCompiler()
            .compileTests(
                step.workspace().resolve(PipelineCodePipeline.SOURCES), classPath, classes);
    compilation.notes().forEach(step::log);
    compilation.problems().forEach(problem -> step.log(problem.toString()));
    if (!compilation.succeeded()) {
      throw step.failure(
          CompileStep.Problems.summary(
              compilation.problems().stream().map(CompileProblem::toString).toList()));
    }
  }

  private static void accept(StepContext step, Fork.Exited exited, Path report) throws IOException {
    new String(exited.output(), StandardCharsets.UTF_8).lines().forEach(step::log);
    switch (exited.exitCode()) {
      case PASSED -> {}
      case FAILED -> throw step.failure(CompileStep.Problems.summary(failures(report)));
      case NONE ->
          throw step.failure(
              "There is no method marked with @Test in the files named …Test.java. Add one, or"
                  + " rename the files.");
      default ->
          throw step.failure(
              "The process that runs the tests ended with exit code "
                  + exited.exitCode()
                  + " before it was done. Tests must neither end the process nor use much memory.");
    }
  }

  private static List<String> failures(Path report) throws IOException {
    byte[] json = Files.readAllBytes(report.resolve(PipelineCodePipeline.FAILURES));
    return Json.read(json, new Json.Generic<List<String>>() {});
  }
}
