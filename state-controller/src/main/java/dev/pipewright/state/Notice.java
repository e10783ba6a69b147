package dev.pipewright.state;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets threads wait until something is there. Thread-safe. */
public final class Notice {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;

  /** Something may be there now: everybody who waits looks again. */
  public void announce() {
    lock.lock();
    try {
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tries {@code attempt} at once and after every announcement, until it finds something or {@code
   * wait} has passed. An interrupt ends the wait with nothing and stays set; so does it when the
   * caller leaves, see {@link Presence}.
   */
  public <T> Optional<T> await(Duration wait, Supplier<Optional<T>> attempt) {
    long deadline = System.nanoTime() + wait.toNanos();
    Presence.waitsIn(this);
    try {
      while (!Presence.isGone()) {
        long seen = count();
        Optional<T> found = attempt.get();
        if (found.isPresent() || !changedSince(seen, deadline)) {
          return found;
        }
      }
      return Optional.empty();
    } finally {
      Presence.waitsIn(null);
    }
  }

  /** Nothing new is there, but somebody who waits may have left. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long count() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  private boolean changedSince(long seen, long deadline) {
    lock.lock();
    try {
      while (changes == seen && !Presence.isGone()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long unused = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
