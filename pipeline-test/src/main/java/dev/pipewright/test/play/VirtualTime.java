package dev.pipewright.test.play;

import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still while anybody does anything, and jumps to the next thing that will
 * happen once nobody does. One thing happens at a time, and what happens at the same instant does
 * in a fixed order, so a run is played the same way each time. Thread-safe.
 */
public final class VirtualTime implements EngineTime {
  private static final String LAST = "~";

  private record Entry(Instant at, String rank, long seq, boolean outlives, Runnable action)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = at.compareTo(other.at);
      int byRank = byTime != 0 ? byTime : rank.compareTo(other.rank);
      return byRank != 0 ? byRank : Long.compare(seq, other.seq);
    }
  }

  private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
  private Instant now;
  private long count;
  private Activity activity = new Activity();
  private @Nullable Ticking ticking;

  VirtualTime(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  /**
   * Lets time pass for an engine until the returned object is closed.
   *
   * @param stuck told if nothing will ever happen again though the engine does not wait
   */
  Ticking tick(Activity engine, Runnable stuck) {
    Ticking fresh = new Ticking(engine, stuck);
    synchronized (this) {
      activity = engine;
      ticking = fresh;
      agenda.removeIf(entry -> !entry.outlives());
    }
    engine.onChange(fresh::changed);
    fresh.thread.start();
    return fresh;
  }

  /** Lets the next thing outside of engines happen; false if nothing will. */
  boolean jump() {
    Entry next;
    synchronized (this) {
      agenda.removeIf(entry -> !entry.outlives());
      next = agenda.poll();
      if (next == null) {
        return false;
      }
      pass(next.at());
    }
    next.action().run();
    return true;
  }

  /** Lets time pass while there is no engine. */
  synchronized void skip(Duration length) {
    pass(now.plus(length));
  }

  /** Something outside of engines that will happen, whatever becomes of them. */
  synchronized void outside(Instant at, Runnable action) {
    add(at, LAST, true, action);
  }

  @Override
  public boolean pause(Duration length, Cancellation cancellation) throws InterruptedException {
    return pause(length, LAST, cancellation);
  }

  /**
   * Pauses the calling thread.
   *
   * @param length null for ever
   * @param rank who goes on first if several do at the same instant
   * @return false if cancelled before the time was over
   */
  boolean pause(@Nullable Duration length, String rank, Cancellation cancellation)
      throws InterruptedException {
    Pause pause;
    synchronized (this) {
      pause = new Pause(activity.pausing());
      if (length != null) {
        pause.entry = add(after(length), rank, false, pause::over);
      }
    }
    try (Cancellation.Registration _ = cancellation.onCancel(pause::wake)) {
      activity.changed();
      pause.woken.await();
    } finally {
      pause.wake();
      remove(pause.entry);
    }
    return pause.over;
  }

  @Override
  public Timer after(Duration length, Runnable action) {
    Entry entry;
    synchronized (this) {
      entry = add(after(length), LAST, false, action);
    }
    return () -> remove(entry);
  }

  private Instant after(Duration length) {
    return length.compareTo(Duration.between(now, Instant.MAX)) >= 0
        ? Instant.MAX
        : now.plus(length.isNegative() ? Duration.ZERO : length);
  }

  private Entry add(Instant at, String rank, boolean outlives, Runnable action) {
    Entry entry = new Entry(at, rank, count++, outlives, action);
    agenda.add(entry);
    return entry;
  }

  private synchronized void remove(@Nullable Entry entry) {
    if (entry != null) {
      agenda.removeIf(each -> each.seq() == entry.seq());
    }
  }

  private void pass(Instant to) {
    if (to.isAfter(now)) {
      now = to;
    }
  }

  private static final class Pause {
    final Activity.Blocked blocked;
    final CountDownLatch woken = new CountDownLatch(1);
    @Nullable Entry entry;
    volatile boolean over;

    Pause(Activity.Blocked blocked) {
      this.blocked = blocked;
    }

    void over() {
      over = true;
      wake();
    }

    void wake() {
      blocked.end();
      woken.countDown();
    }
  }

  /** The thread on which time passes for one engine. */
  final class Ticking implements AutoCloseable {
    private final Activity engine;
    private final Runnable stuck;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread = Thread.ofVirtual().name("clock").unstarted(this::run);
    private volatile boolean closed;

    private Ticking(Activity engine, Runnable stuck) {
      this.engine = engine;
      this.stuck = stuck;
    }

    private void changed() {
      if (Thread.currentThread() != thread) {
        changes.release();
      }
    }

    private void run() {
      while (!closed) {
        changes.acquireUninterruptibly();
        changes.drainPermits();
        while (!closed && advance()) {
          // One thing after the other, as long as nobody does anything because of it.
        }
      }
    }

    /** Lets the next thing happen, if nobody does anything; false if somebody does. */
    private boolean advance() {
      if (!engine.isBlocked()) {
        return false;
      }
      engine.changed();
      Entry next;
      synchronized (VirtualTime.this) {
        if (closed || ticking != this || !engine.isBlocked()) {
          return false;
        }
        next = agenda.poll();
        if (next != null) {
          pass(next.at());
        }
      }
      if (next == null) {
        stuck.run();
        return false;
      }
      next.action().run();
      return true;
    }

    @Override
    public void close() {
      closed = true;
      changes.release();
    }
  }
}
