package dev.pipewright.spawner.queue;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the runs under way. Runs found after a restart count even beyond the limit. Thread-safe.
 */
final class Capacity {
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private int used;

  Capacity(int limit) {
    this.limit = limit;
  }

  /** Takes a place, waiting for one; {@link #giveBack} is what wakes it. */
  void take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (used >= limit) {
        freed.await();
      }
      used++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place even if none is free. */
  void takeAnyway() {
    lock.lock();
    try {
      used++;
    } finally {
      lock.unlock();
    }
  }

  void giveBack() {
    lock.lock();
    try {
      used--;
      freed.signal();
    } finally {
      lock.unlock();
    }
  }
}
