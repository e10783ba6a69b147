package dev.pipewright.spawner.hook;

/** A delivery that has more bytes than are taken; the message is for its sender. */
final class TooLargeHookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooLargeHookException(String message) {
    super(message);
  }
}
