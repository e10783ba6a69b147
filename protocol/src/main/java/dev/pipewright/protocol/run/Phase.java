package dev.pipewright.protocol.run;

/** Where a step or a run stands, as it is written on the wire. */
public enum Phase {
  /** Not begun; only steps are pending. */
  PENDING,
  /** Waits for capacity; only runs are queued. */
  QUEUED,
  /** Work is being done. */
  RUNNING,
  /** Waits for a person or for something outside. */
  WAITING,
  /** Over, with an outcome. */
  FINISHED
}
