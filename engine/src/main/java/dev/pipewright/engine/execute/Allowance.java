package dev.pipewright.engine.execute;

import java.util.concurrent.atomic.AtomicLong;

/** How much may still be kept of a run. Thread-safe. */
public final class Allowance {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /** {@code limit} in bytes. */
  public Allowance(long limit) {
    this.limit = limit;
  }

  /** Takes so many bytes; false if there are not as many left. */
  boolean take(long bytes) {
    long before = used.getAndUpdate(now -> now + bytes > limit ? now : now + bytes);
    return before + bytes <= limit;
  }

  /** The whole of it, in bytes. */
  long limit() {
    return limit;
  }
}
