package dev.pipewright.engine.report;

/** How reporting to a server ended. */
public enum Delivery {
  /** Everything is stored. */
  COMPLETE,
  /** Another engine has taken over, or the run is over: nothing more may be reported. */
  FENCED,
  /** The server could not be reached for too long, or refused what it was told. */
  LOST
}
