package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.util.List;

/**
 * What a Spawner is to do about a container beside an engine it has launched. The same work may
 * come again if nothing was reported; {@code run}, {@code fence} and {@code key} name the
 * container.
 *
 * @param order whether it is to be started or stopped; what is not there need not be stopped
 * @param name host name of a service; empty for a step
 * @param command what it runs instead of the image's own; empty for a service
 * @param workspace the number of the run's workspace, see {@link LaunchOrder}
 */
public record SideWork(
    Order order,
    RunId run,
    int attempt,
    long fence,
    String key,
    String name,
    String image,
    List<String> command,
    int workspace) {
  public SideWork {
    command = List.copyOf(command);
  }

  /** What is to be done. */
  public enum Order {
    START,
    STOP
  }
}
