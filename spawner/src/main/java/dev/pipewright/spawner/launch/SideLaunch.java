package dev.pipewright.spawner.launch;

import java.util.List;

/**
 * A container to be started beside a unit.
 *
 * @param workspace the workspace of the unit, which it shares
 * @param name host name by which the unit reaches a service; empty for a step
 * @param image an image the machine has
 * @param command what it runs instead of the image's own; empty for a service
 */
public record SideLaunch(
    SideId id, UnitId workspace, String name, String image, List<String> command) {
  public SideLaunch {
    command = List.copyOf(command);
  }
}
