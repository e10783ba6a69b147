package dev.pipewright.state;

/** What may happen to a delivery. */
public enum DeliverySignal {
  /** A Spawner takes it. */
  CLAIM,
  /** Its Spawner has created all runs it asks for. */
  PLAN,
  /** Its Spawner met with something that passes by. */
  POSTPONE,
  /** Its Spawner met with something that stays. */
  FAIL,
  /** Whoever waited for what became of it was told. */
  SETTLE,
  /** A person wants it to be worked on again. */
  REPLAY
}
