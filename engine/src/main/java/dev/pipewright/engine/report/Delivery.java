package dev.pipewright.engine.report;

/** How reporting to a server ended. */
public enum Delivery {
  /** Everything is stored. */
  COMPLETE(0),
  /** Another engine has taken over, or the run is over: nothing more may be reported. */
  FENCED(3),
  /** The server could not be reached for too long, or refused what it was told. */
  LOST(4);

  private final int exitCode;

  Delivery(int exitCode) {
    this.exitCode = exitCode;
  }

  /** What the process of the engine ends with. */
  public int exitCode() {
    return exitCode;
  }
}
