package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.GlobPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that run only if something holds; otherwise they are SKIPPED and count as success. A step
 * somebody has selected by name runs whatever its condition says.
 */
final class ConditionExecution {
  private ConditionExecution() {}

  static Ending onBranch(Word.OnBranch word, List<PlannedStep> steps, Scope scope) {
    boolean matches =
        scope.run().facts().branch().filter(new GlobPattern(word.pattern())::matches).isPresent();
    return when(matches, "only on branch " + word.pattern(), steps, scope);
  }

  static Ending onlyIf(Word.OnlyIf word, List<PlannedStep> steps, Scope scope) {
    Answer answer = ask(word.condition(), scope);
    if (answer.problem() != null) {
      Ending ending = Ending.errored(answer.problem());
      StepExecution.neverBegun(steps, scope, Ending.skipped("its condition has no answer"));
      return ending;
    }
    return when(answer.holds(), "its condition does not hold", steps, scope);
  }

  static Ending choose(Word.Choose word, List<PlannedStep> steps, Scope scope) {
    Answer answer = ask(word.condition(), scope);
    if (answer.problem() != null) {
      Ending ending = Ending.errored(answer.problem());
      StepExecution.neverBegun(steps, scope, Ending.skipped("its condition has no answer"));
      return ending;
    }
    PlannedStep chosen = answer.holds() ? steps.getFirst() : steps.getLast();
    PlannedStep other = answer.holds() ? steps.getLast() : steps.getFirst();
    StepExecution.neverBegun(other, scope, Ending.skipped("not chosen"));
    return Ending.fold(List.of(new Ending.Of(chosen, StepExecution.run(chosen, scope))));
  }

  private static Ending when(boolean holds, String what, List<PlannedStep> steps, Scope scope) {
    if (holds || !scope.run().selection().isAll()) {
      return SequenceExecution.run(steps, scope);
    }
    return StepExecution.neverBegun(steps, scope, Ending.skipped(what));
  }

  private record Answer(boolean holds, @Nullable String problem) {}

  private static Answer ask(Word.Question question, Scope scope) {
    try {
      return new Answer(question.holds(scope.run().facts()), null);
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError | AssertionError e) {
      return new Answer(false, "The condition threw " + e + ".");
    }
  }
}
