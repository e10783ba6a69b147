package dev.pipewright.protocol.run;

/** How a step or a run ended. */
public enum Outcome {
  /** The work was done. */
  SUCCEEDED,
  /** The work said no: a test failed, a command returned an exit code other than zero. */
  FAILED,
  /** The work could not be done: host lost, image missing, out of memory, a bug in a body. */
  ERRORED,
  /** The work took longer than it was allowed to. */
  TIMED_OUT,
  /** A person or a rule ended the work before its end. */
  CANCELLED,
  /** The work was not wanted in this run. */
  SKIPPED;

  /** True for the outcomes that make a run red: FAILED, ERRORED, TIMED_OUT. */
  public boolean isBroken() {
    return this == FAILED || this == ERRORED || this == TIMED_OUT;
  }
}
