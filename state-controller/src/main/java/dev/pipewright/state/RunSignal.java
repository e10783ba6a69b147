package dev.pipewright.state;

/** What can happen to a run. */
public enum RunSignal {
  /** A Spawner takes it. */
  CLAIM,
  /** A Spawner gives it back before its engine began. */
  REQUEUE,
  /** A Spawner has started its unit. */
  LAUNCH,
  /** Its engine begins. */
  ENGINE_START,
  /** Its engine tells of a step. */
  STEP,
  /** Its engine is done. */
  ENGINE_FINISH,
  /** Its unit has ended. */
  UNIT_END,
  /** Nothing was heard of it for too long. */
  LEASE_LOST,
  /** A person wants it cancelled. */
  CANCEL
}
