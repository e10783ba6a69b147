package dev.pipewright.test.play;

import dev.pipewright.engine.waiting.Locks;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.run.Answer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Locks that belong to the run and outlive its engines; first come, first served. Somebody else may
 * hold one in the beginning. Thread-safe.
 */
final class MemoryLocks implements Locks {
  private static final String SOMEBODY = "another run";

  private static final class Lock {
    @Nullable String holder;
    long grant;
    final Deque<String> line = new ArrayDeque<>();
  }

  private final World world;
  private final Map<String, Lock> locks = new HashMap<>();

  MemoryLocks(World world) {
    this.world = world;
  }

  /** Somebody else takes a lock, and gives it back at an instant. */
  synchronized void hold(String name, Instant until) {
    lock(name).holder = SOMEBODY;
    world.time().outside(until, () -> release(name, SOMEBODY));
  }

  @Override
  public synchronized LockAnswer request(String name, String key) {
    Lock lock = lock(name);
    if (lock.holder == null) {
      grant(lock, key);
    }
    if (key.equals(lock.holder)) {
      return new LockAnswer(true, lock.grant, null, 0);
    }
    if (!lock.line.contains(key)) {
      lock.line.add(key);
    }
    int ahead = lock.line.stream().toList().indexOf(key);
    return new LockAnswer(false, 0, lock.holder, ahead);
  }

  @Override
  public void release(String name, String key) {
    Answer granted = releasedTo(name, key);
    if (granted != null) {
      world.answer(granted);
    }
  }

  private synchronized @Nullable Answer releasedTo(String name, String key) {
    Lock lock = lock(name);
    lock.line.remove(key);
    if (!key.equals(lock.holder)) {
      return null;
    }
    lock.holder = null;
    String next = lock.line.poll();
    if (next == null) {
      return null;
    }
    grant(lock, next);
    return new Answer(
        next,
        Answer.Verdict.GRANTED,
        null,
        null,
        world.time().now(),
        Map.of("grant", Long.toString(lock.grant)));
  }

  /** Another attempt of the run begins; what the one before it held is free. */
  synchronized void forget() {
    for (Lock lock : locks.values()) {
      lock.line.clear();
      if (!SOMEBODY.equals(lock.holder)) {
        lock.holder = null;
      }
    }
  }

  /** The locks the run holds. */
  synchronized boolean isIdle() {
    return locks.values().stream()
        .allMatch(lock -> lock.holder == null || lock.holder.equals(SOMEBODY));
  }

  private static void grant(Lock lock, String key) {
    lock.holder = key;
    lock.grant++;
  }

  private Lock lock(String name) {
    return locks.computeIfAbsent(name, _ -> new Lock());
  }
}
