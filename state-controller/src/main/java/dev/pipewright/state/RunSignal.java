package dev.pipewright.state;

/** What can happen to a run. */
public enum RunSignal {
  /** A Spawner takes it. */
  CLAIM,
  /** A Spawner gives it back before its engine began. */
  REQUEUE,
  /** A Spawner has started its unit. */
  LAUNCH,
  /** Its engine begins, or goes on where another one ended. */
  ENGINE_START,
  /** Its engine tells of a step. */
  STEP,
  /** Its engine has nothing left to do but to wait, and ends. */
  ENGINE_WAIT,
  /** Its engine is done. */
  ENGINE_FINISH,
  /** Its unit is gone, and another one may go on. */
  UNIT_GONE,
  /** Its unit has ended in a way that ends the run. */
  UNIT_END,
  /** Nothing was heard of its unit for too long. */
  LEASE_LOST,
  /** What it waits for was answered or is not wanted any more, and no unit holds it. */
  WAKE,
  /** A person wants it cancelled, and its engine sees to that. */
  CANCEL,
  /** It is over, and no engine is needed for that. */
  END_AT_ONCE,
  /** A person wants another attempt. */
  RERUN,
  /** It may not begin before a person has answered. */
  HOLD
}
