package dev.pipewright.dsl;

/** Ends a step as FAILED: the work was done and said no. Made by {@link StepContext#failure}. */
public final class StepFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message why, for people
   */
  public StepFailedException(String message) {
    super(message);
  }
}
