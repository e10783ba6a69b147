package dev.pipewright.engine.report;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats calls to a server that is away or overloaded, with growing pauses, up to a limit. All
 * calls made through it can be repeated without harm. Immutable.
 *
 * @param limit how long the server may be away
 */
public record Outage(Duration limit) {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  /**
   * Calls until there is an answer.
   *
   * @throws ApiException if the server refuses, or is overloaded until the limit
   * @throws UncheckedIOException if it cannot be reached until the limit
   * @throws InterruptedException if the calling thread is interrupted between two calls
   */
  public <T> T call(Supplier<T> request) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return request.get();
      } catch (ApiException e) {
        if (e.problem().status() < 500 || System.nanoTime() > deadline) {
          throw e;
        }
      } catch (UncheckedIOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      TimeUnit.MILLISECONDS.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /** How reporting has ended if a call threw {@code e}. */
  static Delivery delivery(RuntimeException e) {
    boolean fenced =
        e instanceof ApiException problem
            && (problem.is(Problem.Code.FENCED)
                || problem.is(Problem.Code.UNAUTHORIZED)
                || problem.is(Problem.Code.FORBIDDEN));
    return fenced ? Delivery.FENCED : Delivery.LOST;
  }
}
