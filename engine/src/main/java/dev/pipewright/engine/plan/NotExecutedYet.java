package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.Modifier;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.SourceLocation;
import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.TriggerNode;
import dev.pipewright.dsl.definition.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the words this engine understands but cannot execute, so that none is silently passed
 * over. Confined to one call.
 */
final class NotExecutedYet {
  private final List<DefinitionProblem> problems = new ArrayList<>();

  private NotExecutedYet() {}

  static List<DefinitionProblem> problems(PipelineNode pipeline) {
    NotExecutedYet check = new NotExecutedYet();
    pipeline.triggers().forEach(check::trigger);
    pipeline.steps().forEach(check::step);
    return check.problems;
  }

  private void trigger(TriggerNode trigger) {
    switch (trigger) {
      case TriggerNode.Cron cron ->
          refuse("cron", "start the pipeline manually()", cron.location());
      case TriggerNode.Push push -> {
        if (!push.ignoredPaths().isEmpty()) {
          refuse("ignoringPaths", "let every push start a run", push.location());
        }
      }
      case TriggerNode.Tags _, TriggerNode.PullRequests _, TriggerNode.Manually _ -> {}
    }
  }

  private void step(StepNode step) {
    String instead = instead(step.word());
    if (instead != null) {
      refuse(step.word().keyword(), instead, step.location());
    }
    step.word().children().forEach(this::step);
    step.modifiers().all().forEach(this::modifier);
  }

  private static @Nullable String instead(Word word) {
    return switch (word) {
      case Word.Expand _ -> "use inParallelFor over items known in define()";
      case Word.Approval _ -> "put what needs a person into a pipeline of its own";
      case Word.WithLock _ -> "run its steps directly";
      case Word.WithCheckout _ -> "clone the repository in a step";
      case Word.Downstream _ -> "start the other pipeline by hand";
      case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _, Word.Stage _ -> null;
      case Word.InParallel _, Word.AnyOf _, Word.Choose _, Word.OnlyIf _, Word.OnBranch _ -> null;
    };
  }

  private void modifier(Modifier modifier) {
    switch (modifier) {
      case Modifier.OnFailure onFailure -> step(onFailure.step());
      case Modifier.Ensure ensure -> step(ensure.step());
      case Modifier.Image image ->
          refuse("image of a single step", "use image of the pipeline", image.location());
      case Modifier.With with -> refuse("with", "start the service in the step", with.location());
      case Modifier.Needs needs -> refuse("needs", "leave the secret out", needs.location());
      case Modifier.Locks locks -> refuse("locks", "run without the lock", locks.location());
      case Modifier.Junit junit -> refuse("junit", "keep the reports with keeps", junit.location());
      case Modifier.Cache cache -> refuse("cache", "run without the cache", cache.location());
      case Modifier.AtMostOnce once -> refuse("atMostOnce", "leave it out", once.location());
      case Modifier.Timeout _, Modifier.Attempts _, Modifier.AllowFailure _ -> {}
      case Modifier.Env _, Modifier.Keeps _ -> {}
    }
  }

  private void refuse(String word, String instead, SourceLocation location) {
    problems.add(
        new DefinitionProblem(
            "'%s' is understood but not executed yet. Remove it, or %s.".formatted(word, instead),
            location));
  }
}
