package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A Spawner tells how the unit of a run ended. If the engine had not finished the run, the run ends
 * ERRORED (CANCELLED after a cancel, TIMED_OUT at its time limit) with {@code reason}.
 */
public record LaunchEnd(long fence, Kind kind, @Nullable Integer exitCode, String reason) {
  /** How a unit can end. */
  public enum Kind {
    EXITED,
    OOM,
    LIMIT,
    STOPPED,
    START_FAILED,
    LOST
  }
}
