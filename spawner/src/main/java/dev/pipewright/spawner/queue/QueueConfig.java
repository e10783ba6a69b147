package dev.pipewright.spawner.queue;

import java.time.Duration;

/**
 * How runs are started and watched.
 *
 * @param instance names this server on the launcher's machine; the same over restarts, and
 *     different for two servers that share a Docker daemon
 * @param maxRuns how many runs may be under way at once
 * @param maxStarting how many may be starting at once
 * @param cancelGrace how long a cancelled engine has to end by itself
 * @param stopGrace how long processes have between being asked to end and being killed
 * @param timeLimit how long a run may take at the most; a pipeline may ask for less
 * @param startDeadline how long a started engine has until it first reports
 * @param renewEvery how often the lease of a run is renewed
 * @param reconcileEvery how often units without a run, and runs without a unit, are looked for
 * @param defaultBaseImage the base image of pipelines that name none
 * @param workspaces how long workspaces are kept
 */
public record QueueConfig(
    String instance,
    int maxRuns,
    int maxStarting,
    Duration cancelGrace,
    Duration stopGrace,
    Duration timeLimit,
    Duration startDeadline,
    Duration renewEvery,
    Duration reconcileEvery,
    String defaultBaseImage,
    WorkspaceConfig workspaces) {
  private static final int MIN_RUNS = 2;
  private static final int STARTING = 3;

  public QueueConfig {
    if (!instance.matches("[a-z0-9][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException(
          "An instance is named by at most 31 lower-case letters, digits and dashes, not '"
              + instance
              + "'.");
    }
    if (maxRuns < 1 || maxStarting < 1) {
      throw new IllegalArgumentException("At least one run must be allowed at once.");
    }
  }

  /** The defaults for a machine with {@code processors} processors. */
  public static QueueConfig defaults(String instance, int processors, String defaultBaseImage) {
    return new QueueConfig(
        instance,
        Math.max(MIN_RUNS, 2 * processors),
        STARTING,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofHours(24),
        Duration.ofMinutes(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        defaultBaseImage,
        WorkspaceConfig.defaults());
  }

  /** The same with another number of runs at once. */
  public QueueConfig withMaxRuns(int runs) {
    return new QueueConfig(
        instance,
        runs,
        maxStarting,
        cancelGrace,
        stopGrace,
        timeLimit,
        startDeadline,
        renewEvery,
        reconcileEvery,
        defaultBaseImage,
        workspaces);
  }

  /** The same with other settings for workspaces. */
  public QueueConfig withWorkspaces(WorkspaceConfig other) {
    return new QueueConfig(
        instance,
        maxRuns,
        maxStarting,
        cancelGrace,
        stopGrace,
        timeLimit,
        startDeadline,
        renewEvery,
        reconcileEvery,
        defaultBaseImage,
        other);
  }

  /** The same with other limits of time. */
  public QueueConfig withTimes(Duration limit, Duration start) {
    return new QueueConfig(
        instance,
        maxRuns,
        maxStarting,
        cancelGrace,
        stopGrace,
        limit,
        start,
        renewEvery,
        reconcileEvery,
        defaultBaseImage,
        workspaces);
  }
}
