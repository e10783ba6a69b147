package dev.pipewright.engine.waiting;

/**
 * Ends a branch because the run parks: nothing is left to do but to wait, and another engine goes
 * on once there is an answer. It passes through everything; no step ends by it.
 */
public final class ParkedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code forWhat} says in words what the branch waits for. */
  public ParkedException(String forWhat) {
    super(forWhat, null, false, false);
  }
}
