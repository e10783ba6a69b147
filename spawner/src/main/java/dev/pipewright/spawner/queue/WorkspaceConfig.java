package dev.pipewright.spawner.queue;

import java.time.Duration;

/**
 * How long the workspaces of finished runs are kept. Runs that are not finished keep theirs.
 *
 * @param keep how long that of a run that ended badly is kept, for a rerun from a step
 * @param most how many of finished runs are kept at the most; the oldest go first
 * @param minimumFree below this many free bytes, the oldest go early
 * @param sweepEvery how often is looked for what is not needed any more
 */
public record WorkspaceConfig(Duration keep, int most, long minimumFree, Duration sweepEvery) {
  private static final int MOST = 20;
  private static final long GIB = 1L << 30;

  public WorkspaceConfig {
    if (keep.isNegative() || most < 0 || minimumFree < 0) {
      throw new IllegalArgumentException("Workspaces cannot be kept for a negative time.");
    }
  }

  /** The defaults: two hours, twenty, 2 GiB. */
  public static WorkspaceConfig defaults() {
    return new WorkspaceConfig(Duration.ofHours(2), MOST, 2 * GIB, Duration.ofMinutes(1));
  }

  /** The same with another time. */
  public WorkspaceConfig withKeep(Duration time) {
    return new WorkspaceConfig(time, most, minimumFree, sweepEvery);
  }
}
