package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.RunId;

/**
 * Names a container beside a unit.
 *
 * @param unit the unit it belongs to and ends with
 * @param key names it within the launch
 */
public record SideId(UnitId unit, RunId run, long fence, String key) {
  @Override
  public String toString() {
    return "%s, fence %d, side %s".formatted(run, fence, key);
  }
}
