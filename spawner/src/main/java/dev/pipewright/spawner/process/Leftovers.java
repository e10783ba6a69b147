package dev.pipewright.spawner.process;

import dev.pipewright.spawner.launch.Launched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds and kills what an engine left running: the members of its session, and processes that carry
 * the run in their environment and belong to its workspace. The second mark is demanded so that an
 * equally named run of another server on this machine is never touched.
 */
final class Leftovers {
  private static final int ROUNDS = 20;

  private Leftovers() {}

  /**
   * Kills them, again and again until none is left, as some may be starting others.
   *
   * @param workspace null if a later launch may be in the same one: then only the session counts
   * @param leader the session of the unit, or 0 where it may have been given to another process
   * @return true if none is left
   */
  static boolean kill(Launched unit, @Nullable Path workspace, long leader) {
    for (int round = 0; round < ROUNDS; round++) {
      List<ProcessTable.Entry> found =
          ProcessTable.all().stream().filter(p -> belongs(p, unit, workspace, leader)).toList();
      if (found.isEmpty()) {
        return true;
      }
      found.forEach(
          process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
    }
    return false;
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }

  private static boolean belongs(
      ProcessTable.Entry process, Launched unit, @Nullable Path workspace, long leader) {
    if (process.pid() == ProcessHandle.current().pid()) {
      return false;
    }
    if (leader != 0 && process.session() == leader) {
      return true;
    }
    if (workspace == null) {
      return false;
    }
    List<String> environment = ProcessTable.environment(process.pid());
    return environment.contains("PIPEWRIGHT_RUN=" + unit.run())
        && (ProcessTable.folder(process.pid())
                .filter(f -> f.startsWith(real(workspace)))
                .isPresent()
            || environment.stream().anyMatch(entry -> entry.contains(workspace.toString())));
  }
}
