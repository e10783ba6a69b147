package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.GlobPattern;
import java.util.List;

/**
 * Steps that run only if something holds; otherwise they are SKIPPED and count as success. A step
 * somebody has selected by name runs whatever its condition says. A condition is asked once in an
 * attempt: its answer is remembered before anything follows from it.
 */
final class ConditionExecution {
  private static final String YES = "true";
  private static final String NO = "false";

  private ConditionExecution() {}

  static Ending onBranch(Word.OnBranch word, List<PlannedStep> steps, Scope scope) {
    boolean matches =
        scope.run().facts().branch().filter(new GlobPattern(word.pattern())::matches).isPresent();
    return when(matches, "only on branch " + word.pattern(), steps, scope);
  }

  static Ending onlyIf(Word.OnlyIf word, StepRun execution, Scope scope) {
    List<PlannedStep> steps = execution.step().steps();
    String answer = ask(word.condition(), execution, scope);
    return switch (answer) {
      case YES -> when(true, "", steps, scope);
      case NO -> when(false, "its condition does not hold", steps, scope);
      default -> unanswered(answer, steps, scope);
    };
  }

  static Ending choose(Word.Choose word, StepRun execution, Scope scope) {
    List<PlannedStep> steps = execution.step().steps();
    String answer = ask(word.condition(), execution, scope);
    if (!answer.equals(YES) && !answer.equals(NO)) {
      return unanswered(answer, steps, scope);
    }
    boolean holds = answer.equals(YES);
    PlannedStep chosen = holds ? steps.getFirst() : steps.getLast();
    PlannedStep other = holds ? steps.getLast() : steps.getFirst();
    StepExecution.neverBegun(other, scope, Ending.skipped("not chosen"));
    return Ending.fold(List.of(new Ending.Of(chosen, StepExecution.run(chosen, scope))));
  }

  private static Ending when(boolean holds, String what, List<PlannedStep> steps, Scope scope) {
    if (holds || !scope.run().selection().isAll()) {
      return SequenceExecution.run(steps, scope);
    }
    return StepExecution.neverBegun(steps, scope, Ending.skipped(what));
  }

  private static Ending unanswered(String problem, List<PlannedStep> steps, Scope scope) {
    if (scope.isCancelled()) {
      Ending cancelled = Ending.cancelled(scope.cancellation().reason());
      return StepExecution.neverBegun(steps, scope, cancelled);
    }
    StepExecution.neverBegun(steps, scope, Ending.skipped("its condition has no answer"));
    return Ending.errored(problem);
  }

  /** The answer: true, false, or in words why there is none. */
  private static String ask(Word.Question question, StepRun execution, Scope scope) {
    String before = scope.history().note(execution.step().key(), Note.ANSWER);
    if (before != null) {
      return before;
    }
    if (scope.isCancelled()) {
      return "cancelled";
    }
    String answer;
    try {
      answer = question.holds(scope.run().facts()) ? YES : NO;
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError | AssertionError e) {
      answer = "The condition threw " + e + ".";
    }
    execution.note(Note.ANSWER, answer);
    return answer;
  }
}
