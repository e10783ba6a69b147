package dev.pipewright.engine.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Notices that the kernel killed a process of this container for want of memory, which a command
 * itself cannot tell from any other kill. Thread-safe.
 */
final class OutOfMemory {
  private static final int KILLED = 137;
  private static final String COUNT = "oom_kill ";
  private static final List<Path> COUNTERS =
      List.of(
          Path.of("/sys/fs/cgroup/memory/memory.oom_control"),
          Path.of("/sys/fs/cgroup/memory.events"));

  private final List<Path> counters;
  private long known;

  OutOfMemory() {
    this(COUNTERS);
  }

  OutOfMemory(List<Path> counters) {
    this.counters = counters;
    this.known = kills();
  }

  /**
   * Looks whether a command that ended with {@code exitCode} was killed so.
   *
   * @throws CommandException if it was
   */
  synchronized void check(int exitCode) throws CommandException {
    if (exitCode != KILLED) {
      return;
    }
    long now = kills();
    boolean more = now > known;
    known = now;
    if (more) {
      throw new CommandException(
          "A process was killed (exit code 137) because the container ran out of memory: let it use"
              + " less, or start the server with a larger --memory.");
    }
  }

  /** How often it happened in this container; 0 where nobody counts. */
  private long kills() {
    for (Path counter : counters) {
      try {
        for (String line : Files.readAllLines(counter)) {
          if (line.startsWith(COUNT)) {
            return Long.parseLong(line.substring(COUNT.length()).strip());
          }
        }
      } catch (IOException | NumberFormatException e) {
        // The other version of control groups, or none.
      }
    }
    return 0;
  }
}
