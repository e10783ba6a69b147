package dev.pipewright.spawner.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel says about the processes of this machine, read from {@code /proc}. */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern RESIDENT = Pattern.compile("\nVmRSS:\\s+(\\d+) kB");
  private static final int KIB = 1024;
  private static final int SESSION = 3;
  private static final int STARTED = 19;

  private ProcessTable() {}

  /**
   * One process. {@code started} is in clock ticks since the machine booted: together with the pid
   * it names a process for good.
   */
  record Entry(long pid, long session, long started) {}

  /** The process {@code pid}, if it lives; the dead that were not yet fetched do not. */
  static Optional<Entry> entry(long pid) {
    return read(PROC.resolve(pid + "/stat")).flatMap(ProcessTable::parse);
  }

  /** The process a line of {@code /proc/<pid>/stat} tells of; empty for a dead one. */
  static Optional<Entry> parse(String stat) {
    int name = stat.lastIndexOf(')');
    int open = stat.indexOf('(');
    if (open < 1 || name < 0) {
      return Optional.empty();
    }
    String[] fields = stat.substring(name + 1).strip().split(" ", -1);
    if (fields.length <= STARTED || fields[0].equals("Z") || fields[0].equals("X")) {
      return Optional.empty();
    }
    return Optional.of(
        new Entry(
            Long.parseLong(stat.substring(0, open).strip()),
            Long.parseLong(fields[SESSION]),
            Long.parseLong(fields[STARTED])));
  }

  /** All living processes. */
  static List<Entry> all() {
    List<Entry> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        read(folder.resolve("stat")).flatMap(ProcessTable::parse).ifPresent(found::add);
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  /**
   * The memory that the living processes of a session have just now; what they share counts twice.
   */
  static OptionalLong residentBytes(long session) {
    return all().stream()
        .filter(process -> process.session() == session)
        .map(process -> read(PROC.resolve(process.pid() + "/status")).orElse(""))
        .map(RESIDENT::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)) * KIB)
        .reduce(Long::sum);
  }

  /** The environment a process was started with, one {@code NAME=value} per element. */
  static List<String> environment(long pid) {
    return read(PROC.resolve(pid + "/environ"))
        .map(text -> List.of(text.split("\0", -1)))
        .orElse(List.of());
  }

  /** The folder a process works in. */
  static Optional<Path> folder(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
