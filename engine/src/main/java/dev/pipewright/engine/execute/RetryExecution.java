package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.event.RunEvent;
import java.time.Duration;
import java.time.Instant;

/**
 * Attempts of one step. A broken attempt is followed by another one until there are no more; a
 * cancelled one never is. Each attempt has its own time limit. What is continued begins with the
 * attempt it was in.
 */
final class RetryExecution {
  private final StepRun execution;
  private final PlannedStep step;
  private final Modifiers modifiers;

  private RetryExecution(StepRun execution) {
    this.execution = execution;
    this.step = execution.step();
    this.modifiers = step.node().modifiers();
  }

  static Ending run(StepRun execution, Scope scope) {
    return new RetryExecution(execution).run(scope);
  }

  private Ending run(Scope outer) {
    int total = modifiers.attempts();
    History history = outer.history();
    int attempt = Math.max(1, history.attemptOf(step));
    boolean broken = Integer.toString(attempt).equals(history.note(step.key(), Note.BROKEN));
    Scope scope = outer;
    while (true) {
      if (!broken) {
        Ending ending = attempt(attempt, total > 1 ? scope.inAttempt(attempt) : scope);
        if (!ending.isBroken() || attempt >= total || scope.isCancelled()) {
          return ending;
        }
        lost(attempt, total, ending);
      }
      if (!pause(modifiers.backoff().multipliedBy(1L << Math.min(20, attempt - 1)), scope)) {
        return Ending.cancelled(scope.cancellation().reason());
      }
      reset();
      broken = false;
      attempt++;
      scope = outer.with(History.NONE);
    }
  }

  /** An attempt was broken and another one follows. */
  private void lost(int attempt, int total, Ending ending) {
    String why = ending.reason() == null ? "" : ", " + ending.reason();
    execution
        .log()
        .line("[attempt %d of %d: %s%s]".formatted(attempt, total, ending.outcome(), why));
    execution.note(Note.BROKEN, Integer.toString(attempt));
  }

  /** Whatever is in the step is as if it had never been. */
  private void reset() {
    if (step.node().word().isContainer() || step.node().word() instanceof Word.Expand) {
      execution.tell(new RunEvent.StepsReset(step.key(), execution.pathsInside()));
    }
  }

  private Ending attempt(int attempt, Scope scope) {
    execution.attempt(attempt);
    boolean known = scope.history().attemptOf(step) == attempt;
    boolean repeated = known && isRepeated();
    if (scope.isCancelled() && !step.node().word().isContainer()) {
      return Ending.cancelled(scope.cancellation().reason());
    }
    if (AtMostOnce.holds(step)
        && (repeated || scope.history().note(step.key(), Note.UNKNOWN) != null)) {
      Ending ending = AtMostOnce.ask(execution, scope);
      if (ending != null) {
        return ending;
      }
    }
    if (!known || (repeated && !scope.isCancelled())) {
      execution.started(attempt);
    }
    if (repeated) {
      execution.log().line("[continued by another engine: the step is done once more]");
    }
    if (AtMostOnce.holds(step)) {
      Ending ending = AtMostOnce.begin(scope);
      if (ending != null) {
        return ending;
      }
    }
    Instant began = known && !repeated ? scope.history().beganAt(step) : null;
    return modifiers
        .timeout()
        .map(limit -> TimeoutExecution.run(limit, execution, began, scope, this::word))
        .orElseGet(() -> word(scope));
  }

  private Ending word(Scope scope) {
    return WordExecution.run(execution, scope);
  }

  /** True for work that is done once more from its beginning when its engine was lost. */
  private boolean isRepeated() {
    return switch (step.node().word()) {
      case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _ -> true;
      case Word.Stage _, Word.InParallel _, Word.AnyOf _, Word.Choose _, Word.OnlyIf _ -> false;
      case Word.OnBranch _, Word.WithLock _, Word.WithCheckout _ -> false;
      case Word.Expand _, Word.Approval _, Word.Downstream _ -> false;
    };
  }

  /** Waits; false if cancelled meanwhile. */
  private static boolean pause(Duration pause, Scope scope) {
    if (!pause.isPositive()) {
      return !scope.isCancelled();
    }
    try {
      return scope.run().time().pause(pause, scope.cancellation());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
