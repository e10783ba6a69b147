package dev.pipewright.spawner.hook;

/** A delivery that cannot be read; the message is one sentence for its sender. */
final class MalformedHookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedHookException(String message) {
    super(message);
  }
}
