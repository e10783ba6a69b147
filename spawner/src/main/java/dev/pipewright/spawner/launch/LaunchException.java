package dev.pipewright.spawner.launch;

import org.jspecify.annotations.Nullable;

/** A unit that could not be started; the message says why and what to do. */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean retryable;

  public LaunchException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** True if the same launch may succeed a moment later. */
  public boolean retryable() {
    return retryable;
  }
}
