package dev.pipewright.engine.step;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which work is asked to end. Cancelling reaches every child; a child can be
 * cancelled alone. It happens once and is never taken back. Thread-safe.
 */
public final class Cancellation implements AutoCloseable {
  private final @Nullable Cancellation parent;
  private final Runnable byParent = this::followParent;
  private final Set<Runnable> listeners = new LinkedHashSet<>();
  private @Nullable String reason;

  private Cancellation(@Nullable Cancellation parent) {
    this.parent = parent;
  }

  /** A cancellation that depends on no other. */
  public static Cancellation root() {
    return new Cancellation(null);
  }

  /** A cancellation that ends with this one. Close it when its work is over. */
  public Cancellation child() {
    Cancellation child = new Cancellation(this);
    add(child.byParent);
    return child;
  }

  private void followParent() {
    String why = parent == null ? null : parent.reason();
    cancel(why == null ? "cancelled" : why);
  }

  /** Cancels; a second call does nothing. */
  public void cancel(String why) {
    List<Runnable> told;
    synchronized (listeners) {
      if (reason != null) {
        return;
      }
      reason = why;
      told = new ArrayList<>(listeners);
    }
    told.forEach(this::tell);
  }

  private void tell(Runnable listener) {
    synchronized (listener) {
      boolean wanted;
      synchronized (listeners) {
        wanted = listeners.contains(listener);
      }
      if (wanted) {
        listener.run();
      }
    }
  }

  /** True once cancelled. */
  public boolean isCancelled() {
    return reason() != null;
  }

  /** Why it was cancelled; null as long as it was not. */
  public @Nullable String reason() {
    synchronized (listeners) {
      return reason;
    }
  }

  /**
   * Runs {@code listener} when cancelled, at once if that has happened. After the returned
   * registration is closed the listener does not run, nor is it running.
   */
  public Registration onCancel(Runnable listener) {
    Runnable own = () -> listener.run();
    add(own);
    return () -> remove(own);
  }

  /** Interrupts the calling thread when cancelled; clears a late interrupt when closed. */
  public Registration interruptingMe() {
    Thread me = Thread.currentThread();
    Registration registration = onCancel(me::interrupt);
    return () -> {
      registration.close();
      Thread.interrupted();
    };
  }

  private void add(Runnable listener) {
    boolean late;
    synchronized (listeners) {
      listeners.add(listener);
      late = reason != null;
    }
    if (late) {
      tell(listener);
    }
  }

  private void remove(Runnable listener) {
    synchronized (listener) {
      synchronized (listeners) {
        listeners.remove(listener);
      }
    }
  }

  @Override
  public void close() {
    if (parent != null) {
      synchronized (parent.listeners) {
        parent.listeners.remove(byParent);
      }
    }
  }

  /** Something that listens until it is closed. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
