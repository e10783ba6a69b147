package dev.pipewright.engine.secret;

/** The value of a secret cannot be had; the message is for people and holds no value. */
public final class SecretException extends Exception {
  private static final long serialVersionUID = 1L;

  public SecretException(String message) {
    super(message);
  }
}
