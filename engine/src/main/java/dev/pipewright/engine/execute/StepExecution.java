package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;

/**
 * Executes any step: its word inside its modifiers, which always nest as {@code
 * ensure(onFailure(attempts(timeout(word))))}. Every step with a path is reported exactly once as
 * finished, also those that were never begun.
 */
public final class StepExecution {
  private StepExecution() {}

  static Ending run(PlannedStep step, Scope outer) {
    if (outer.isCancelled()) {
      return neverBegun(step, outer, Ending.cancelled(outer.cancellation().reason()));
    }
    if (!outer.run().selection().includes(step)) {
      return neverBegun(step, outer, Ending.skipped("not selected"));
    }
    Modifiers modifiers = step.node().modifiers();
    Scope scope = outer.with(modifiers.env());
    StepRun execution = new StepRun(step, scope.run().reporter());
    Ending ending = RetryExecution.run(execution, scope);
    ending = Keeping.afterwards(ending, execution, scope);
    ending = onFailure(step, ending, scope);
    ending = EnsureExecution.run(step, ending, scope);
    execution.finished(ending);
    return ending;
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
    return worse(ending, recovery);
  }

  static Ending neverBegun(PlannedStep step, Scope scope, Ending ending) {
    StepRun.neverBegun(step, scope.run().reporter(), ending);
    return ending;
  }

  static Ending neverBegun(List<PlannedStep> steps, Scope scope, Ending ending) {
    steps.forEach(step -> neverBegun(step, scope, ending));
    return ending;
  }

  /** The worse of two endings; the first one if they are equally bad. */
  static Ending worse(Ending one, Ending other) {
    Outcome worse = Folding.worse(one.outcome(), other.outcome());
    return worse == one.outcome() || other.outcome() == Outcome.SUCCEEDED ? one : other;
  }
}
