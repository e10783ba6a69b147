package dev.pipewright.state;

import dev.pipewright.protocol.run.RunSnapshot;

/** The label of a run in feeds: unique per attempt, {@code 42}, then {@code 42.2}. */
public final class Labels {
  private Labels() {}

  /** The label of {@code run}. */
  public static String of(RunSnapshot run) {
    return run.attempt() == 1 ? Long.toString(run.number()) : run.number() + "." + run.attempt();
  }
}
