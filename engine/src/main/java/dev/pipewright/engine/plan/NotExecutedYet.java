package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.dsl.definition.TriggerNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses the triggers that are understood but that nobody acts on, so that none is silently passed
 * over. Confined to one call.
 */
final class NotExecutedYet {
  private final List<DefinitionProblem> problems = new ArrayList<>();

  private NotExecutedYet() {}

  static List<DefinitionProblem> problems(PipelineNode pipeline) {
    NotExecutedYet check = new NotExecutedYet();
    pipeline.triggers().forEach(check::trigger);
    return check.problems;
  }

  private void trigger(TriggerNode trigger) {
    switch (trigger) {
      case TriggerNode.Push push -> {
        if (!push.ignoredPaths().isEmpty()) {
          refuse("ignoringPaths", "let every push start a run", push.location());
        }
      }
      case TriggerNode.Tags _, TriggerNode.PullRequests _ -> {}
      case TriggerNode.Cron _, TriggerNode.Manually _ -> {}
    }
  }

  private void refuse(String word, String instead, SourceLocation location) {
    problems.add(
        new DefinitionProblem(
            "'%s' is understood but not executed yet. Remove it, or %s.".formatted(word, instead),
            location));
  }
}
