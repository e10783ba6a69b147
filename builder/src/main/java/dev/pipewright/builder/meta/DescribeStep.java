package dev.pipewright.builder.meta;

import dev.pipewright.dsl.StepContext;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls {@code define()} of the compiled classes. That is a user's code, so it happens in a process
 * of its own with a time limit and little memory; whatever it does there ends as a reason in words.
 */
final class DescribeStep {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private DescribeStep() {}

  static void run(StepContext step) throws IOException, InterruptedException {
    run(step, Fork.describing(), LIMIT);
  }

  static void run(StepContext step, Fork fork, Duration limit)
      throws IOException, InterruptedException {
    String run = step.run().pipeline() + "#" + step.run().number();
    List<String> code = new ArrayList<>();
    code.add(step.workspace().resolve(PipelineCodePipeline.CLASSES).toString());
    ResolveStep.jars(step.workspace()).forEach(jar -> code.add(jar.toString()));
    Fork.End end = fork.run(step.workspace(), run, limit, code);
    end.noise().forEach(step::log);
    switch (end) {
      case Fork.TooSlow _ ->
          throw step.failure(
              "define() did not return within %d seconds. It must only describe the pipeline: move"
                      .formatted(limit.toSeconds())
                  + " work into steps.");
      case Fork.TooMuch _ ->
          throw step.failure("The description of the pipelines is larger than 8 MiB.");
      case Fork.Exited exited -> accept(step, exited);
    }
  }

  private static void accept(StepContext step, Fork.Exited exited) throws IOException {
    DescribeResult result = result(step, exited);
    if (!result.problems().isEmpty()) {
      List<String> problems =
          result.problems().stream().map(DescribeResult.CodeProblem::toString).toList();
      problems.forEach(step::log);
      throw step.failure(CompileStep.Problems.summary(problems));
    }
    if (result.plans().isEmpty()) {
      throw step.failure(
          "No class implements PipelineDefinition. Add one, or remove the folder of pipeline code.");
    }
    Files.write(step.workspace().resolve(PipelineCodePipeline.DESCRIPTION), exited.output());
    result.plans().forEach(plan -> step.log("pipeline " + plan.pipeline()));
  }

  private static DescribeResult result(StepContext step, Fork.Exited exited) {
    try {
      return Json.read(exited.output(), DescribeResult.class);
    } catch (ProtocolException e) {
      throw step.failure(
          exited.output().length == 0
              ? "The process that calls define() ended with exit code "
                  + exited.exitCode()
                  + " before it was done. define() must neither end the process nor use much memory."
              : "What the pipelines say of themselves cannot be read: " + e.getMessage());
    }
  }
}
