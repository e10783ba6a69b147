package dev.pipewright.spawner.docker;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the Docker launcher.
 *
 * @param instance names this server on the daemon; units of other instances are never touched
 * @param host address of the daemon; null for the usual socket
 * @param callback where containers reach the server; {@code {gateway}} stands for the address of
 *     this machine on the container's network, as in {@code http://{gateway}:8080}
 * @param command starts the engine in a runtime image
 * @param memoryBytes the most memory a container may use; there is no swap beside it
 * @param processes the most processes and threads a container may have
 * @param cpus how many processors' worth of time a container may use
 */
public record DockerLauncherConfig(
    String instance,
    @Nullable URI host,
    String callback,
    List<String> command,
    long memoryBytes,
    long processes,
    double cpus) {
  private static final long GIB = 1L << 30;
  private static final long PROCESSES = 2048;

  public DockerLauncherConfig {
    command = List.copyOf(command);
    if (!instance.matches("[a-z0-9][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException(
          "An instance is named by at most 31 lower-case letters, digits and dashes, not '"
              + instance
              + "'.");
    }
  }

  /** The defaults: 4 GiB, 2048 processes and all of {@code processors} for each run. */
  public static DockerLauncherConfig defaults(String instance, String callback, int processors) {
    return new DockerLauncherConfig(
        instance,
        null,
        callback,
        List.of("/opt/pipewright/bin/engine"),
        4 * GIB,
        PROCESSES,
        processors);
  }
}
