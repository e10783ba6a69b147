package dev.pipewright.protocol.api;

/** Where a delivery stands. */
public enum DeliveryState {
  /** Stored, and waits for its turn, or for another try after a problem. */
  RECEIVED,
  /** A Spawner has it: the pipelines of its commits are being resolved and its runs created. */
  BUILDING,
  /** What became of it is written down; whoever waits for it has not been told yet. */
  PLANNED,
  /** Nothing is to be done about it any more. */
  DONE,
  /** Something of it could not be done, and is not tried again by itself. */
  FAILED;

  /** True if nothing more happens to it, unless a person has it replayed. */
  public boolean isOver() {
    return this == DONE || this == FAILED;
  }
}
