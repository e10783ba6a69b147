package dev.pipewright.engine.history;

/** A run cannot begin at the step that was asked for; the message says why, for people. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
