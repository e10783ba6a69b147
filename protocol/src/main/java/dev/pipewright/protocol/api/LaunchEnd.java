package dev.pipewright.protocol.api;

import dev.pipewright.protocol.run.ResourceUse;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A Spawner tells how the unit of a run ended. If the engine had neither finished nor parked the
 * run, the run is queued again to be continued (EXITED, LOST, STOPPED), or it ends: ERRORED (OOM,
 * START_FAILED, LIMIT), TIMED_OUT (the LIMIT of time), CANCELLED after a cancel; with {@code
 * reason}.
 *
 * @param workspaceUntil how long the workspace is kept if the run is finished, for a rerun from a
 *     step; null if it is removed
 * @param limit which limit was passed; null for that of time, and of kinds other than LIMIT
 * @param used what the unit took up, as far as it is known
 */
public record LaunchEnd(
    long fence,
    Kind kind,
    @Nullable Integer exitCode,
    String reason,
    @Nullable Instant workspaceUntil,
    @Nullable Limit limit,
    @Nullable ResourceUse used) {
  /** An end after which the workspace of a finished run is not kept. */
  public LaunchEnd(long fence, Kind kind, @Nullable Integer exitCode, String reason) {
    this(fence, kind, exitCode, reason, null, null, null);
  }

  /** An end at no limit, or at that of time. */
  public LaunchEnd(
      long fence,
      Kind kind,
      @Nullable Integer exitCode,
      String reason,
      @Nullable Instant workspaceUntil) {
    this(fence, kind, exitCode, reason, workspaceUntil, null, null);
  }

  /** What a unit may use only so much of. */
  public enum Limit {
    TIME,
    DISK,
    PROCESSES,
    OUTPUT
  }

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
