package dev.pipewright.engine.time;

import dev.pipewright.engine.step.Cancellation;
import java.time.Duration;
import java.time.Instant;

/**
 * The only clock the walk of a run knows: limits, pauses and deadlines all go through it, so a test
 * can replace hours by nothing. Thread-safe.
 */
public interface EngineTime {

  /** What time it is. */
  Instant now();

  /**
   * Pauses the calling thread.
   *
   * @return false if {@code cancellation} was cancelled before the time was over
   * @throws InterruptedException if the calling thread is interrupted
   */
  boolean pause(Duration length, Cancellation cancellation) throws InterruptedException;

  /**
   * Calls {@code action} once, on another thread, when the time is over; at once if it is not
   * positive.
   */
  Timer after(Duration length, Runnable action);

  /** Something that will happen unless it is closed before. */
  @FunctionalInterface
  interface Timer extends AutoCloseable {

    /** After this the action does not begin any more. */
    @Override
    void close();
  }
}
