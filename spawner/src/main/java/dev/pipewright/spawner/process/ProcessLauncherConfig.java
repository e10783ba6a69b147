package dev.pipewright.spawner.process;

import dev.pipewright.spawner.launch.Limits;
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
 * @param limits of which only those of disk and output are held
 */
public record ProcessLauncherConfig(
    Path data, List<String> command, URI server, String path, Limits limits) {
  public ProcessLauncherConfig {
    command = List.copyOf(command);
  }
}
