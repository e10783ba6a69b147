package dev.pipewright.builder.meta;

import dev.pipewright.dsl.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Compiles the sources; a problem in them fails the step with file, line and message. */
final class CompileStep {
  private CompileStep() {}

  static void run(StepContext step) throws IOException {
    Path workspace = step.workspace();
    Path classes = workspace.resolve(PipelineCodePipeline.CLASSES);
    Folders.delete(classes);
    Compilation compilation =
        new PipelineCompiler()
            .compile(
                workspace.resolve(PipelineCodePipeline.SOURCES),
                ResolveStep.jars(workspace),
                classes);
    compilation.notes().forEach(step::log);
    compilation.problems().forEach(problem -> step.log(problem.toString()));
    if (!compilation.succeeded()) {
      throw step.failure(
          Problems.summary(compilation.problems().stream().map(CompileProblem::toString).toList()));
    }
    if (compilation.sources() == 0) {
      throw step.failure(
          "There is no Java file with a pipeline. Add a class that implements PipelineDefinition.");
    }
    step.set(PipelineCodePipeline.TESTS, String.valueOf(compilation.tests()));
    step.log(count(compilation.sources()) + " compiled");
  }

  private static String count(int files) {
    return files + (files == 1 ? " file" : " files");
  }

  /** The reason of a failed step from a list of problems. */
  static final class Problems {
    private static final int SHOWN = 20;
    private static final int LIMIT = 4_000;

    private Problems() {}

    static String summary(List<String> problems) {
      StringBuilder text = new StringBuilder();
      for (String problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
        text.append(text.isEmpty() ? "" : "\n").append(problem);
      }
      if (problems.size() > SHOWN) {
        text.append("\nand ").append(problems.size() - SHOWN).append(" more, see the log");
      }
      return text.length() <= LIMIT ? text.toString() : text.substring(0, LIMIT) + "…";
    }
  }
}
