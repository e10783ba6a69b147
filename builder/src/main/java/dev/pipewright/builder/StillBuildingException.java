package dev.pipewright.builder;

/** Pipeline code that is still being built, or waits for it: the question has to stay open. */
final class StillBuildingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StillBuildingException(String message) {
    super(message);
  }
}
