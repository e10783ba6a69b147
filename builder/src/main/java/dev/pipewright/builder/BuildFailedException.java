package dev.pipewright.builder;

/** Pipeline code that could not be built, for a reason outside of it. */
final class BuildFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /** {@code retryable} if asking again later may help by itself. */
  BuildFailedException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  boolean retryable() {
    return retryable;
  }
}
