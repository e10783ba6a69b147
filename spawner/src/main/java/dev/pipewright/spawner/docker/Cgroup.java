package dev.pipewright.spawner.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel counts about the processes of a container, read from outside of it. Only where
 * the daemon is on this machine; knows version 1 and 2 of control groups.
 */
record Cgroup(Path pids) {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  /** The group of a container whose first process has this number on this machine. */
  static Optional<Cgroup> of(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
        String[] fields = line.split(":", 3);
        if (fields.length == 3 && (fields[1].isEmpty() || isPids(fields[1]))) {
          Path mount = fields[1].isEmpty() ? MOUNT : MOUNT.resolve("pids");
          Path group = mount.resolve(fields[2].replaceFirst("^/+", ""));
          if (Files.isReadable(group.resolve("pids.events"))) {
            return Optional.of(new Cgroup(group));
          }
        }
      }
    } catch (IOException e) {
      // The container has ended, or is on another machine.
    }
    return Optional.empty();
  }

  private static boolean isPids(String controllers) {
    return List.of(controllers.split(",", -1)).contains("pids");
  }

  /** How often a process was refused; 0 once the group is gone. */
  long refused() {
    try {
      return Files.readAllLines(pids.resolve("pids.events")).stream()
          .filter(line -> line.startsWith("max "))
          .mapToLong(line -> Long.parseLong(line.substring("max ".length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** How many processes there are now; 0 once the group is gone. */
  long current() {
    try {
      return Long.parseLong(Files.readString(pids.resolve("pids.current")).strip());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
