package dev.pipewright.engine.git;

/** A commit could not be put into the workspace. */
public final class CheckoutException extends Exception {
  private static final long serialVersionUID = 1L;

  public CheckoutException(String message) {
    super(message);
  }
}
