package dev.pipewright.engine.report;

/** How a launch for a server ended, as its Spawner sees it. */
public enum Delivery {
  /** Everything is stored, and the run is over. */
  COMPLETE(0),
  /** Another engine has taken over, or the run is over: nothing more may be reported. */
  FENCED(3),
  /** The server could not be reached for too long, or refused what it was told. */
  LOST(4),
  /** Everything is stored; another engine goes on once there is an answer. */
  WAITING(5),
  /** The engine was told to end; everything until then is stored, and another engine goes on. */
  SUSPENDED(143);

  private final int exitCode;

  Delivery(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What the process of the engine ends with. */
  public int exitCode() {
    return exitCode;
  }
}
