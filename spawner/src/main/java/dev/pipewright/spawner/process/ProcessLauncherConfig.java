package dev.pipewright.spawner.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Settings of the process launcher.
 *
 * @param data folder for units and workspaces; one per instance
 * @param command starts the engine
 * @param server where engines reach the server
 * @param path the PATH engines and their commands get
 */
public record ProcessLauncherConfig(Path data, List<String> command, URI server, String path) {
  public ProcessLauncherConfig {
    command = List.copyOf(command);
  }
}
