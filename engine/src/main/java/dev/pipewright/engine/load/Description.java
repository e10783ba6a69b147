package dev.pipewright.engine.load;

import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.api.DescribeResult.CodeProblem;
import dev.pipewright.protocol.run.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What pipeline code says of itself: the plans of all its pipelines, or every problem. */
public final class Description {
  private Description() {}

  /** Describes pipeline code. Runs its {@code define()} methods. */
  public static DescribeResult of(PipelineCode code) {
    List<Plan> plans = new ArrayList<>();
    List<CodeProblem> problems = new ArrayList<>();
    List<String> definitions = code.definitions();
    for (String definition : definitions) {
      try {
        plans.add(code.plan(definition).plan());
      } catch (DefinitionException e) {
        e.problems()
            .forEach(
                each ->
                    problems.add(
                        new CodeProblem(
                            each.message(), each.location().file(), each.location().line())));
      }
    }
    if (definitions.isEmpty()) {
      problems.add(
          new CodeProblem(
              "There is no pipeline. Write a class that implements PipelineDefinition.", null, 0));
    }
    problems.addAll(equalNames(plans));
    return new DescribeResult(problems.isEmpty() ? plans : List.of(), problems);
  }

  private static List<CodeProblem> equalNames(List<Plan> plans) {
    List<CodeProblem> problems = new ArrayList<>();
    Map<PipelineName, String> seen = new HashMap<>();
    for (Plan plan : plans) {
      String first = seen.putIfAbsent(plan.pipeline(), plan.definition());
      if (first != null) {
        problems.add(
            new CodeProblem(
                "Both %s and %s define the pipeline '%s'. Give one of them another name."
                    .formatted(first, plan.definition(), plan.pipeline()),
                null,
                0));
      }
    }
    return problems;
  }
}
