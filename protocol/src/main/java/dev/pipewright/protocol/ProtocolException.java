package dev.pipewright.protocol;

/**
 * Text that is not what the protocol asks for; the message names the text and the expected form.
 */
public final class ProtocolException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
