package dev.pipewright.builder;

/** Pipeline code that could not be built, for a reason outside of it: asking again may help. */
final class BuildFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BuildFailedException(String message) {
    super(message);
  }
}
