package dev.pipewright.spawner.retry;

import dev.pipewright.protocol.api.ApiException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that are repeated while the State-Controller is away; all of its calls may be repeated. */
public final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int SERVER_ERROR = 500;
  private static final int TOO_MANY = 429;

  private Retries() {}

  /**
   * Calls until there is an answer, with growing pauses of at most five seconds.
   *
   * @param what the call, for the log
   * @throws ApiException if the answer is a problem that repeating does not solve
   * @throws InterruptedException if the caller is interrupted, also during the call
   */
  public static <T> T untilAnswered(String what, Supplier<T> call) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    boolean failed = false;
    while (true) {
      try {
        T answer = call.get();
        if (failed) {
          LOG.atInfo().addKeyValue("call", what).log("State-Controller answers again");
        }
        return answer;
      } catch (ApiException | UncheckedIOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted in the call " + what);
        }
        if (!passesBy(e)) {
          throw e;
        }
        if (!failed) {
          LOG.atWarn().addKeyValue("call", what).setCause(e).log("State-Controller is away");
        }
        failed = true;
      }
      pause(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  /** As {@link #untilAnswered(String, Supplier)}, for a call without an answer. */
  public static void untilDone(String what, Runnable call) throws InterruptedException {
    untilAnswered(
        what,
        () -> {
          call.run();
          return Boolean.TRUE;
        });
  }

  /** Waits; the one place where this component sleeps between two calls. */
  public static void pause(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  /** True for a fault that may be over a moment later. */
  static boolean passesBy(RuntimeException fault) {
    return !(fault instanceof ApiException problem)
        || problem.problem().status() >= SERVER_ERROR
        || problem.problem().status() == TOO_MANY;
  }
}
