package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;

/**
 * Executes any step: its word inside its modifiers, which always nest as {@code
 * locks(ensure(onFailure(attempts(timeout(word)))))}. Every step with a path is reported exactly
 * once as finished, also those that were never begun.
 *
 * <p>The same walk continues a run: a step that is finished is passed over, a container without a
 * path is walked again, and whatever was decided before is looked up and not decided again. A step
 * that was begun and is cancelled meanwhile does no more work, but what ensures it still runs.
 */
public final class StepExecution {
  private StepExecution() {}

  static Ending run(PlannedStep step, Scope scope) {
    RunEvent.StepFinished known = scope.history().finished(step);
    if (known != null) {
      LockExecution.releaseAll(step, scope);
      return new Ending(known.outcome(), known.reason());
    }
    if (scope.isCancelled() && !scope.history().hasBegun(step)) {
      return neverBegun(step, scope, Ending.cancelled(scope.cancellation().reason()));
    }
    if (!scope.run().selection().includes(step)) {
      return neverBegun(step, scope, Ending.skipped("not selected"));
    }
    return LockExecution.run(step, scope, inner -> within(step, inner));
  }

  /** The step while its locks are held. */
  private static Ending within(PlannedStep step, Scope outer) {
    Scope scope = outer.with(step.node().modifiers().env());
    StepRun execution = new StepRun(step, scope);
    Ending ending = work(execution, scope);
    Testing.afterwards(ending, execution, scope);
    ending = Keeping.afterwards(ending, execution, scope);
    execution.supplies().keepCaches(ending, scope);
    ending = onFailure(step, ending, scope);
    ending = EnsureExecution.run(step, ending, scope);
    execution.finished(ending);
    return ending;
  }

  /** All attempts; what they came to is remembered if something is left to do afterwards. */
  private static Ending work(StepRun execution, Scope scope) {
    PlannedStep step = execution.step();
    String ended = scope.history().note(step.key(), Note.ENDED);
    if (ended != null) {
      for (String left : scope.history().notes(step.key(), Note.LEFT)) {
        int end = left.indexOf(' ');
        execution.left(java.util.Map.of(left.substring(0, end), left.substring(end + 1)));
      }
      scope.run().facts().outputs().restore(execution.left());
      return read(ended);
    }
    Ending ending = RetryExecution.run(execution, scope);
    boolean more = !step.onFailure().isEmpty() || !step.ensure().isEmpty();
    boolean unfolded = step.path() == null && !isGood(ending);
    if (more || unfolded || AtMostOnce.holds(step)) {
      execution.left().forEach((name, json) -> execution.note(Note.LEFT, name + " " + json));
      execution.note(Note.ENDED, written(ending));
    }
    return ending;
  }

  private static boolean isGood(Ending ending) {
    return ending.outcome() == Outcome.SUCCEEDED || ending.outcome() == Outcome.SKIPPED;
  }

  static String written(Ending ending) {
    return ending.reason() == null
        ? ending.outcome().name()
        : ending.outcome().name() + " " + ending.reason();
  }

  static Ending read(String written) {
    int end = written.indexOf(' ');
    return end < 0
        ? new Ending(Outcome.valueOf(written), null)
        : new Ending(Outcome.valueOf(written.substring(0, end)), written.substring(end + 1));
  }

  private static Ending onFailure(PlannedStep step, Ending ending, Scope scope) {
    if (step.onFailure().isEmpty()) {
      return ending;
    }
    if (!ending.isBroken()) {
      Ending notNeeded = Ending.skipped("not needed");
      step.onFailure().forEach(each -> neverBegun(each, scope, notNeeded));
      return ending;
    }
    Ending recovery = SequenceExecution.run(step.onFailure(), scope);
    return ending.orWorse(recovery);
  }

  static Ending neverBegun(PlannedStep step, Scope scope, Ending ending) {
    StepRun.neverBegun(step, scope, ending);
    return ending;
  }

  static Ending neverBegun(List<PlannedStep> steps, Scope scope, Ending ending) {
    steps.forEach(step -> neverBegun(step, scope, ending));
    return ending;
  }
}
