package dev.pipewright.engine.step;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the process table of Linux without starting a process. Processes are numbered upwards, so
 * usually only those younger than the one asked about are looked at, and often there are none.
 */
final class ProcessTable {
  private static final File PROC = new File("/proc");
  private static final Path LAST = Path.of("/proc/loadavg");

  private ProcessTable() {}

  static boolean isAvailable() {
    return Files.isReadable(LAST);
  }

  /** Living processes in the session of {@code leader} or with the cookie, without the leader. */
  static List<ProcessHandle> startedBy(long leader, String cookie) {
    List<ProcessHandle> found = new ArrayList<>();
    long youngest = youngest();
    String[] names = youngest == leader ? null : PROC.list();
    if (names == null) {
      return found;
    }
    long oldest = youngest < leader ? 0 : leader;
    long own = ProcessHandle.current().pid();
    for (String name : names) {
      long pid = number(name);
      if (pid > oldest && pid != leader && pid != own && belongs(name, leader, cookie)) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        handle.ifPresent(found::add);
      }
    }
    return found;
  }

  /** The number that was given last; less than any if that is not known. */
  private static long youngest() {
    try {
      String text = read(LAST).strip();
      return number(text.substring(text.lastIndexOf(' ') + 1));
    } catch (IOException e) {
      return -1;
    }
  }

  private static boolean belongs(String pid, long leader, String cookie) {
    try {
      String stat = read(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 6);
      boolean dead = fields[0].equals("Z") || fields[0].equals("X");
      if (dead) {
        return false;
      }
      boolean sameSession = number(fields[2]) == leader || number(fields[3]) == leader;
      return sameSession || read(Path.of("/proc/" + pid + "/environ")).contains(cookie);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }

  private static long number(String text) {
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return text.isEmpty() ? -1 : number;
  }
}
