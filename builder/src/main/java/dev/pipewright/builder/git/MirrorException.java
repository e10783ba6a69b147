package dev.pipewright.builder.git;

import org.jspecify.annotations.Nullable;

/** A repository that could not be used; the message says which, why and what to do next. */
public final class MirrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  private MirrorException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** The request itself cannot be met: asking again gives the same answer. */
  static MirrorException refused(String message) {
    return new MirrorException(message, false, null);
  }

  /** Something outside did not work: asking again may help. */
  static MirrorException failed(String message, Throwable cause) {
    return new MirrorException(message, true, cause);
  }

  /** True if asking again may help. */
  public boolean retryable() {
    return retryable;
  }
}
