package dev.pipewright.protocol.api;

/** Where a run stands, as the forge of its commit is told. */
public enum StatusState {
  /** In the queue. */
  QUEUED,
  RUNNING,
  /** Nothing is left to do but to wait, usually for a person. */
  WAITING,
  SUCCEEDED,
  /** The work said no, or took too long. */
  FAILED,
  /** The work could not be done. */
  ERRORED,
  CANCELLED;

  /** True if the run goes on. */
  public boolean isOpen() {
    return this == QUEUED || this == RUNNING || this == WAITING;
  }
}
