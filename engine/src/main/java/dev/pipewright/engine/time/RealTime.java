package dev.pipewright.engine.time;

import dev.pipewright.engine.step.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Time as it passes for everybody; a timer is a virtual thread that sleeps. Thread-safe. */
public final class RealTime implements EngineTime {
  private final InstantSource clock;

  public RealTime(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public boolean pause(Duration length, Cancellation cancellation) throws InterruptedException {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (Cancellation.Registration _ = cancellation.onCancel(cancelled::countDown)) {
      return !cancelled.await(nanos(length), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Timer after(Duration length, Runnable action) {
    CountDownLatch closed = new CountDownLatch(1);
    Thread.ofVirtual().name("timer").start(() -> run(closed, length, action));
    return closed::countDown;
  }

  private static void run(CountDownLatch closed, Duration length, Runnable action) {
    try {
      if (!closed.await(nanos(length), TimeUnit.NANOSECONDS)) {
        action.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A duration of centuries does not fit into nanoseconds; it then means the longest that does. */
  private static long nanos(Duration length) {
    try {
      return length.toNanos();
    } catch (ArithmeticException e) {
      return length.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }
}
