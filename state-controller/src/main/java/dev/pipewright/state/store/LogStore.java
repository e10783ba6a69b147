package dev.pipewright.state.store;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;

/**
 * The output of steps: bytes that only grow. An appended byte survives the death of the process,
 * though not necessarily that of the machine. Thread-safe; one step has one writer at a time.
 */
public interface LogStore {

  /**
   * Stores {@code bytes} so that they begin at {@code offset}. What lies below the stored end is
   * passed over, so the same call may be repeated.
   *
   * @return the new end
   * @throws LogGapException if {@code offset} lies beyond the end; nothing was stored
   */
  long append(RunId run, StepPath step, long offset, byte[] bytes);

  /** How many bytes are stored; 0 for an unknown step. */
  long length(RunId run, StepPath step);

  /** Up to {@code limit} bytes from {@code offset}; fewer at the end, none beyond it. */
  byte[] read(RunId run, StepPath step, long offset, int limit);
}
