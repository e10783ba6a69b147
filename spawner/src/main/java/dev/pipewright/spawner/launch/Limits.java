package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.Resources;
import org.jspecify.annotations.Nullable;

/**
 * What one unit may use at the most, and each container beside it. What a launcher cannot hold it
 * says when it is made.
 *
 * @param memoryBytes of memory; there is no swap beside it
 * @param processes how many processes and threads there may be at once
 * @param cpus how many processors' worth of time
 * @param diskBytes of the workspace and of what is written outside of it, together
 * @param outputBytes of what the engine itself prints; the output of steps has its own limit
 */
public record Limits(
    long memoryBytes, long processes, double cpus, long diskBytes, long outputBytes) {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long PROCESSES = 2048;

  public Limits {
    if (memoryBytes < 1 || processes < 1 || cpus <= 0 || diskBytes < 1 || outputBytes < 1) {
      throw new IllegalArgumentException("Every limit is more than nothing.");
    }
  }

  /** The defaults: 4 GiB, 2048 processes, all of {@code processors}, 20 GiB, 16 MiB. */
  public static Limits defaults(int processors) {
    return new Limits(4 * GIB, PROCESSES, processors, 20 * GIB, 16 * MIB);
  }

  /** The same with other limits of disk and output. */
  public Limits withDisk(long disk, long output) {
    return new Limits(memoryBytes, processes, cpus, disk, output);
  }

  /** The same with other limits of memory and processes. */
  public Limits withMemory(long memory, long atOnce) {
    return new Limits(memory, atOnce, cpus, diskBytes, outputBytes);
  }

  /** What {@code asked} asks for, but never more than these; these where it asks for nothing. */
  public Limits atMost(@Nullable Resources asked) {
    Long memory = asked == null ? null : asked.memoryBytes();
    Double processors = asked == null ? null : asked.cpus();
    return new Limits(
        memory == null ? memoryBytes : Math.clamp(memory, 1, memoryBytes),
        processes,
        processors == null ? cpus : Math.min(processors, cpus),
        diskBytes,
        outputBytes);
  }

  /** That a unit used so many bytes of disk. */
  public Breach ofDisk(long bytes) {
    return new Breach(
        LaunchEnd.Limit.DISK,
        "The run used %s of disk, and its limit is %s: let it write less, or start the server with a larger --disk."
            .formatted(amount(bytes), amount(diskBytes)));
  }

  /** That a unit was refused a process. */
  public Breach ofProcesses() {
    return new Breach(
        LaunchEnd.Limit.PROCESSES,
        "The run wanted more than %d processes and threads, its limit: let it start fewer at once, or start the server with a larger --processes."
            .formatted(processes));
  }

  /** That an engine printed too much. */
  public Breach ofOutput() {
    return new Breach(
        LaunchEnd.Limit.OUTPUT,
        "The engine itself printed more than %s, its limit: let pipeline code print inside of steps, or start the server with a larger --engine-output."
            .formatted(amount(outputBytes)));
  }

  /** In words, that {@code what}, which had {@code given} bytes, was killed for want of memory. */
  public String outOfMemory(String what, long given) {
    return given < memoryBytes
        ? "%s ran out of memory: it may use %s, as its pipeline says by memory(...), and the server allows %s."
            .formatted(what, amount(given), amount(memoryBytes))
        : "%s ran out of memory: it may use %s. Let it use less, or start the server with a larger --memory."
            .formatted(what, amount(memoryBytes));
  }

  private static String amount(long bytes) {
    return bytes % GIB == 0 ? bytes / GIB + " GiB" : (bytes + MIB - 1) / MIB + " MiB";
  }

  /**
   * A limit that was passed.
   *
   * @param reason names the limit, the amount and what to change
   */
  public record Breach(LaunchEnd.Limit limit, String reason) {}
}
