package dev.pipewright.state;

import dev.pipewright.protocol.run.Phase;

/** Where a run stands; finer than what the API shows. */
public enum RunState {
  /** Waits for a Spawner. */
  QUEUED(Phase.QUEUED),
  /** A Spawner has it and prepares its unit. */
  CLAIMED(Phase.QUEUED),
  /** Its unit was started, its engine has not spoken yet. */
  LAUNCHED(Phase.QUEUED),
  /** Its engine works. */
  RUNNING(Phase.RUNNING),
  /** Nothing is left to do but to wait; its engine has ended or is about to. */
  WAITING(Phase.WAITING),
  /** Over. */
  FINISHED(Phase.FINISHED);

  private final Phase phase;

  RunState(Phase phase) {
    this.phase = phase;
  }

  /** What the API calls it. */
  public Phase phase() {
    return phase;
  }
}
