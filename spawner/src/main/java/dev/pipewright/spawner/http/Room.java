package dev.pipewright.spawner.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that large bodies may take together, so that strangers who send many of them at once
 * do not take all there is. Thread-safe.
 */
final class Room {
  private final AtomicLong left;

  Room(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes so many bytes; false, and nothing is taken, if there are fewer. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    giveBack(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
