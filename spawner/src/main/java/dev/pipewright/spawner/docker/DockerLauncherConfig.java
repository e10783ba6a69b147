package dev.pipewright.spawner.docker;

import dev.pipewright.spawner.launch.Limits;
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
 * @param limits what every container may use
 * @param isolation how containers are kept apart
 * @param registry how to pull runtime images; null for what Docker's configuration file says
 */
public record DockerLauncherConfig(
    String instance,
    @Nullable URI host,
    String callback,
    List<String> command,
    Limits limits,
    Isolation isolation,
    @Nullable RegistryLogin registry) {

  public DockerLauncherConfig {
    command = List.copyOf(command);
    if (!instance.matches("[a-z0-9][a-z0-9-]{0,30}")) {
      throw new IllegalArgumentException(
          "An instance is named by at most 31 lower-case letters, digits and dashes, not '"
              + instance
              + "'.");
    }
  }

  /** With registries as Docker's configuration file says. */
  public DockerLauncherConfig(
      String instance,
      @Nullable URI host,
      String callback,
      List<String> command,
      Limits limits,
      Isolation isolation) {
    this(instance, host, callback, command, limits, isolation, null);
  }

  /** The same with a login of its own for the registry of runtime images. */
  public DockerLauncherConfig withRegistry(@Nullable RegistryLogin login) {
    return new DockerLauncherConfig(instance, host, callback, command, limits, isolation, login);
  }

  /** With the default isolation. */
  public DockerLauncherConfig(
      String instance, @Nullable URI host, String callback, List<String> command, Limits limits) {
    this(instance, host, callback, command, limits, Isolation.DEFAULT);
  }

  /** A launcher on the usual daemon that starts the engine of runtime images. */
  public static DockerLauncherConfig of(
      String instance, String callback, Limits limits, Isolation isolation) {
    return new DockerLauncherConfig(
        instance, null, callback, List.of("/opt/pipewright/bin/engine"), limits, isolation);
  }
}
