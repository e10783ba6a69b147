package dev.pipewright.state;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the caller a thread works for is still there. The thread runs with it in {@link #CALLER};
 * a wait in a {@link Notice} ends at once when its caller leaves, and finds nothing for one who has
 * left, so that nothing is given to nobody. Thread-safe.
 */
public final class Presence {
  /** The caller of the current thread; unbound where there is none who could leave. */
  public static final ScopedValue<Presence> CALLER = ScopedValue.newInstance();

  private final AtomicBoolean gone = new AtomicBoolean();
  private final AtomicReference<@Nullable Notice> waiting = new AtomicReference<>();

  /** The caller is not there any more. May be repeated, from any thread. */
  public void leave() {
    gone.set(true);
    Notice notice = waiting.get();
    if (notice != null) {
      notice.wake();
    }
  }

  /** True if the current thread works for a caller who has left. */
  static boolean isGone() {
    return CALLER.isBound() && CALLER.get().gone.get();
  }

  /** The current thread waits in {@code notice}; null if it does not wait any more. */
  static void waitsIn(@Nullable Notice notice) {
    if (CALLER.isBound()) {
      CALLER.get().waiting.set(notice);
    }
  }
}
