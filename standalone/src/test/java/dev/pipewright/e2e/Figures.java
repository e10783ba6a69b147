package dev.pipewright.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How the benchmarks take and print their figures. */
final class Figures {
  /** The unit of times in {@code /proc}, on every Linux. */
  private static final double TICKS_PER_SECOND = 100;

  private Figures() {}

  /** Tells the server of a push to main, as a post-receive hook does. */
  static void hook(ServerProcess server, String source, String commit) {
    String line = "0".repeat(40) + " " + commit + " refs/heads/main\n";
    server.http().postBytes("/hooks/" + source, line.getBytes(StandardCharsets.UTF_8));
  }

  /** The milliseconds from a moment to what {@code date +%s%N} printed. */
  static double sinceStamp(Instant before, String stamp) {
    long nanos = Long.parseLong(stamp.strip());
    return (nanos - before.getEpochSecond() * 1_000_000_000L - before.getNano()) / 1e6;
  }

  /** The milliseconds since {@link System#nanoTime} answered this. */
  static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /** The same numbers as an array. */
  static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Prints one figure, or the distribution of several, as a line that begins with FIGURE. */
  static void print(String what, double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (sorted.length == 1) {
      System.out.printf(Locale.ROOT, "FIGURE | %s | %.1f |%n", what, sorted[0]);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "FIGURE | %s | min %.1f, median %.1f, p99 %.1f (n=%d) |%n",
        what,
        sorted[0],
        sorted[sorted.length / 2],
        sorted[(int) Math.min(sorted.length - 1, sorted.length * 0.99)],
        sorted.length);
  }

  /** What a shell that does nothing costs, in milliseconds each: the floor of every step. */
  static double[] shells(int count) {
    double[] floor = new double[count];
    for (int i = 0; i < floor.length; i++) {
      long start = System.nanoTime();
      output("sh", "-c", "true");
      floor[i] = millisSince(start);
    }
    return floor;
  }

  /** What the system says of a process's memory, such as VmRSS, in MiB; 0 if it is gone. */
  static double memory(long pid, String what) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith(what + ":"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** The time of processors that a process has used so far; 0 if it is gone. */
  static double processorSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    } catch (IOException gone) {
      return 0;
    }
  }

  /** What a command prints; waits at most a minute for its end. */
  static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
