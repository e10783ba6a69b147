package dev.pipewright.spawner.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel counts about the processes of a container, read from outside of it. Only where
 * the daemon is on this machine; knows version 1 and 2 of control groups.
 */
record Cgroup(Path pids, @Nullable Path time, @Nullable Path bytes) {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");
  private static final long MICROS = 1_000;
  private static final long NANOS = 1_000_000;

  /** The group of a container whose first process has this number on this machine. */
  static Optional<Cgroup> of(long pid) {
    try {
      Map<String, Path> groups = new HashMap<>();
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
        String[] fields = line.split(":", 3);
        if (fields.length == 3) {
          String inside = fields[2].replaceFirst("^/+", "");
          for (String controller : fields[1].split(",", -1)) {
            groups.put(controller, MOUNT.resolve(controller).resolve(inside));
          }
        }
      }
      return of(groups);
    } catch (IOException e) {
      // The container has ended, or is on another machine.
      return Optional.empty();
    }
  }

  private static Optional<Cgroup> of(Map<String, Path> groups) {
    Path all = groups.get("");
    Path pids = groups.getOrDefault("pids", all);
    return pids != null && Files.isReadable(pids.resolve("pids.events"))
        ? Optional.of(
            new Cgroup(
                pids, groups.getOrDefault("cpuacct", all), groups.getOrDefault("memory", all)))
        : Optional.empty();
  }

  /** How often a process was refused; 0 once the group is gone. */
  long refused() {
    return number(pids.resolve("pids.events"), "max ").orElse(0);
  }

  /** How many processes there are now; 0 once the group is gone. */
  long current() {
    return number(pids.resolve("pids.current"), "").orElse(0);
  }

  /** The time of processors its processes have taken up to now; unknown once the group is gone. */
  OptionalLong cpuMillis() {
    if (time == null) {
      return OptionalLong.empty();
    }
    OptionalLong nanos = number(time.resolve("cpuacct.usage"), "");
    if (nanos.isPresent()) {
      return OptionalLong.of(nanos.getAsLong() / NANOS);
    }
    OptionalLong micros = number(time.resolve("cpu.stat"), "usage_usec ");
    return micros.isPresent() ? OptionalLong.of(micros.getAsLong() / MICROS) : OptionalLong.empty();
  }

  /** The most memory up to now, or that of now where the kernel keeps no peak. */
  OptionalLong memoryBytes() {
    if (bytes == null) {
      return OptionalLong.empty();
    }
    return Stream.of("memory.max_usage_in_bytes", "memory.peak", "memory.current")
        .map(name -> number(bytes.resolve(name), ""))
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong number(Path file, String before) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(before))
          .mapToLong(line -> Long.parseLong(line.substring(before.length()).strip()))
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
