package dev.pipewright.engine.time;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How many branches of a run are alive, and how many of them can do nothing but wait. A branch is a
 * thread that walks steps; the branch that holds others is not alive while they are.
 *
 * <p>Two ways of being blocked are told apart: <i>waiting</i> for something outside, which may let
 * the whole run park, and <i>pausing</i>, which ends by itself when time passes. Whoever wakes a
 * blocked branch ends its {@link Blocked} first, on the waking thread, so that no moment exists in
 * which a branch that was woken still counts as blocked. Thread-safe.
 */
public final class Activity {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private int live = 1;
  private int waiting;
  private int pausing;

  /** The activity of a run whose first branch is alive. */
  public Activity() {}

  /** One branch that is blocked. */
  public interface Blocked {
    /** It goes on. A second call does nothing. */
    void end();
  }

  /** More branches are alive. */
  public void begin(int branches) {
    synchronized (this) {
      live += branches;
    }
  }

  /** One branch less is alive. */
  public void end() {
    synchronized (this) {
      live--;
    }
    changed();
  }

  /** A branch begins to wait for something outside. Call {@link #changed} after it. */
  public Blocked waiting() {
    return block(true);
  }

  /** A branch begins to let time pass. Call {@link #changed} after it. */
  public Blocked pausing() {
    return block(false);
  }

  private Blocked block(boolean outside) {
    synchronized (this) {
      count(outside, 1);
    }
    Blocked blocked =
        new Blocked() {
          private boolean ended;

          @Override
          public void end() {
            synchronized (Activity.this) {
              if (!ended) {
                ended = true;
                count(outside, -1);
              }
            }
          }
        };
    return blocked;
  }

  private synchronized void count(boolean outside, int change) {
    if (outside) {
      waiting += change;
    } else {
      pausing += change;
    }
  }

  /** True if every branch waits for something outside: the run may park. */
  public synchronized boolean isWaiting() {
    return live > 0 && waiting >= live;
  }

  /** True if no branch does anything: only time or something outside can make one go on. */
  public synchronized boolean isBlocked() {
    return live > 0 && waiting + pausing >= live;
  }

  /** Calls {@code listener} whenever a branch was blocked or has ended, on that branch's thread. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Tells the listeners. Called by whoever has blocked a branch, while holding no lock. */
  public void changed() {
    listeners.forEach(Runnable::run);
  }
}
