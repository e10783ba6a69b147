package dev.pipewright.engine.side;

import java.util.List;

/**
 * A container a step wants.
 *
 * @param key names it within the launch
 * @param name host name of a service; empty for a step
 * @param image its image
 * @param command what it runs instead of the image's own; empty for a service
 */
public record SideWish(String key, String name, String image, List<String> command) {
  public SideWish {
    command = List.copyOf(command);
  }
}
