package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.RunId;

/**
 * The folder that launches of a run share: the run folder of the engine.
 *
 * @param name how the launcher's machine calls it
 * @param number which of the run's workspaces it is; a later one is newer
 */
public record Workspace(UnitId name, RunId run, int number) {

  /** The workspace {@code number} of {@code run} on the machine of {@code instance}. */
  public static Workspace of(String instance, RunId run, int number) {
    return new Workspace(UnitId.workspace(instance, run, number), run, number);
  }
}
