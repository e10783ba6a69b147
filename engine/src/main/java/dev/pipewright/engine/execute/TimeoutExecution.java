package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A limit for work. When the time is over the work is cancelled and awaited, and the ending is
 * TIMED_OUT, unless something around it was cancelled before. The time of what is continued counts
 * from its first begin, by the clock on the wall; waiting and being parked count too.
 */
final class TimeoutExecution {
  private enum State {
    OPEN,
    DONE,
    OVER
  }

  private TimeoutExecution() {}

  /**
   * Limits an attempt of a step.
   *
   * @param began when the attempt was begun by an engine before this one; null if it begins now
   */
  static Ending run(
      Duration limit,
      StepRun execution,
      @Nullable Instant began,
      Scope scope,
      Function<Scope, Ending> work) {
    PlannedStep step = execution.step();
    Instant now = scope.run().time().now();
    if (began == null) {
      return run(limit, deadline(now, limit), scope, work, () -> remember(execution));
    }
    if (scope.history().note(step.key(), Note.TIME_IS_OVER) != null) {
      return run(limit, now, scope, work, () -> {});
    }
    boolean nothingLeft =
        !step.steps().isEmpty() && step.steps().stream().allMatch(scope.history()::isComplete);
    return nothingLeft
        ? work.apply(scope)
        : run(limit, deadline(began, limit), scope, work, () -> remember(execution));
  }

  /** Limits work of which nothing need be remembered. */
  static Ending run(Duration limit, Instant deadline, Scope scope, Function<Scope, Ending> work) {
    return run(limit, deadline, scope, work, () -> {});
  }

  /** A task that is timed out is finished at once; a container still has steps to end. */
  private static void remember(StepRun execution) {
    if (execution.step().node().word().isContainer()) {
      execution.note(Note.TIME_IS_OVER, "");
    }
  }

  private static Ending run(
      Duration limit,
      Instant deadline,
      Scope scope,
      Function<Scope, Ending> work,
      Runnable remember) {
    AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    String reason = "took longer than " + shown(limit);
    EngineTime time = scope.run().time();
    Duration left = Duration.between(time.now(), deadline);
    try (Cancellation inner = scope.cancellation().child()) {
      Runnable over =
          () -> {
            if (state.compareAndSet(State.OPEN, State.OVER)) {
              remember.run();
              inner.cancel(reason);
            }
          };
      if (!left.isPositive()) {
        over.run();
      }
      try (EngineTime.Timer _ = left.isPositive() ? time.after(left, over) : () -> {}) {
        Ending ending = work.apply(scope.with(inner).until(deadline));
        boolean timedOut = !state.compareAndSet(State.OPEN, State.DONE) && !scope.isCancelled();
        return timedOut ? new Ending(Outcome.TIMED_OUT, reason) : ending;
      }
    }
  }

  /** A limit of centuries ends when the last instant does. */
  static Instant deadline(Instant begin, Duration limit) {
    return limit.compareTo(Duration.between(begin, Instant.MAX)) >= 0
        ? Instant.MAX
        : begin.plus(limit);
  }

  static String shown(Duration limit) {
    if (limit.toMillis() < 1000) {
      return limit.toMillis() + " ms";
    }
    StringBuilder text = new StringBuilder();
    append(text, limit.toHours(), " h");
    append(text, limit.toMinutesPart(), " min");
    append(text, limit.toSecondsPart(), " s");
    return text.toString();
  }

  private static void append(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(text.isEmpty() ? "" : " ").append(amount).append(unit);
    }
  }
}
