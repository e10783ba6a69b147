package dev.pipewright.engine.execute;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A limit for work. When the time is over the work is cancelled and awaited, and the ending is
 * TIMED_OUT, unless something around it was cancelled before.
 */
final class TimeoutExecution {
  private TimeoutExecution() {}

  static Ending run(Duration limit, Scope scope, Function<Scope, Ending> work) {
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean over = new AtomicBoolean();
    String reason = "took longer than " + shown(limit);
    try (Cancellation inner = scope.cancellation().child()) {
      Thread.ofVirtual()
          .name("timeout")
          .start(
              () -> {
                if (!awaited(done, limit)) {
                  over.set(true);
                  inner.cancel(reason);
                }
              });
      Ending ending = work.apply(scope.with(inner));
      done.countDown();
      boolean timedOut = over.get() && !scope.isCancelled();
      return timedOut ? new Ending(Outcome.TIMED_OUT, reason) : ending;
    } finally {
      done.countDown();
    }
  }

  private static boolean awaited(CountDownLatch done, Duration limit) {
    try {
      return done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true;
    }
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
