package dev.pipewright.protocol.api;

import java.util.List;

/**
 * An engine wants a container beside its own, on the same workspace and network, gone with the run
 * at the latest. The same key again gives the same container.
 *
 * @param key names it within the launch
 * @param name host name of a service; empty for a step
 * @param command what it runs instead of the image's own; empty for a service
 */
public record SideRequest(long fence, String key, String name, String image, List<String> command) {
  public SideRequest {
    command = List.copyOf(command);
  }
}
