package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.engine.step.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Attempts of one step. A broken attempt is followed by another one until there are no more; a
 * cancelled one never is. Each attempt has its own time limit.
 */
final class RetryExecution {
  private RetryExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    Modifiers modifiers = execution.step().node().modifiers();
    int total = modifiers.attempts();
    Duration pause = modifiers.backoff();
    for (int attempt = 1; ; attempt++) {
      execution.started(attempt);
      Ending ending = attempt(modifiers, execution, scope);
      if (!ending.isBroken() || attempt >= total || scope.isCancelled()) {
        return ending;
      }
      execution
          .log()
          .line(
              "[attempt %d of %d: %s%s]"
                  .formatted(
                      attempt,
                      total,
                      ending.outcome(),
                      ending.reason() == null ? "" : ", " + ending.reason()));
      if (!pause(pause, scope)) {
        return Ending.cancelled(scope.cancellation().reason());
      }
      pause = pause.multipliedBy(2);
    }
  }

  private static Ending attempt(Modifiers modifiers, StepRun execution, Scope scope) {
    return modifiers
        .timeout()
        .map(
            limit ->
                TimeoutExecution.run(limit, scope, inner -> WordExecution.run(execution, inner)))
        .orElseGet(() -> WordExecution.run(execution, scope));
  }

  /** Waits; false if cancelled meanwhile. */
  private static boolean pause(Duration pause, Scope scope) {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Cancellation.Registration _ = scope.cancellation().onCancel(cancelled::countDown)) {
      return !cancelled.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
