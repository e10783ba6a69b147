package dev.pipewright.builder.meta;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that calls a user's code in a process of its own. The process starts with a clean
 * environment and in a process group of its own, and all of it is gone when {@link #run} returns.
 */
record Fork(List<String> command) {
  private static final int OUTPUT_LIMIT = 8 * 1024 * 1024;
  private static final int NOISE_LIMIT = 64 * 1024;
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  Fork {
    command = List.copyOf(command);
  }

  /** How it ended; {@code noise} is what the code printed. */
  sealed interface End {
    List<String> noise();
  }

  /** By itself. */
  record Exited(int exitCode, byte[] output, List<String> noise) implements End {}

  /** It was killed at its time limit. */
  record TooSlow(List<String> noise) implements End {}

  /** It was killed for printing more than anybody can need. */
  record TooMuch(List<String> noise) implements End {}

  /** Describes classes, with the same Java and the same class path as this process: an engine. */
  static Fork describing() {
    List<String> command = java(256);
    cacheOfThisProcess().forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.pipewright.engine.DescribeMain");
    return new Fork(command);
  }

  /** Runs tests, with the same Java as this process. */
  static Fork testing(List<String> classPath) {
    List<String> command = java(512);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.add("dev.pipewright.test.gate.TestsMain");
    return new Fork(command);
  }

  private static List<String> java(int mebibytes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx%dm".formatted(mebibytes)));
    command.addAll(List.of("-XX:-UsePerfData", "-Dfile.encoding=UTF-8"));
    return command;
  }

  private static Stream<String> cacheOfThisProcess() {
    return ProcessHandle.current().info().arguments().stream()
        .flatMap(Stream::of)
        .filter(argument -> argument.startsWith("-XX:AOTCache="));
  }

  /**
   * Runs the command in a folder and waits for its end.
   *
   * @param run the run this belongs to, by which a Spawner finds what might be left of it
   * @param arguments come after the command
   */
  End run(Path folder, String run, Duration limit, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    boolean group = Files.isExecutable(SETSID);
    if (group) {
      line.add(SETSID.toString());
    }
    line.addAll(command);
    line.addAll(arguments);
    Path noise = folder.resolve("fork.log");
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("CI", "true", "HOME", folder.toString()));
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().put("PIPEWRIGHT_RUN", run);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectError(noise.toFile());
    Process process = builder.start();
    try (Output output = new Output(process.getInputStream())) {
      boolean ended = output.await(limit) && process.waitFor(1, TimeUnit.SECONDS);
      List<String> lines = lines(noise);
      if (output.isTooMuch()) {
        return new TooMuch(lines);
      }
      return ended ? new Exited(process.exitValue(), output.bytes(), lines) : new TooSlow(lines);
    } finally {
      kill(process, group);
    }
  }

  private static List<String> lines(Path noise) throws IOException {
    try (InputStream in = Files.newInputStream(noise)) {
      byte[] read = in.readNBytes(NOISE_LIMIT);
      List<String> lines =
          new ArrayList<>(new String(read, StandardCharsets.UTF_8).lines().toList());
      if (read.length == NOISE_LIMIT) {
        lines.add("[output cut at 64 KiB]");
      }
      return lines;
    }
  }

  private static void kill(Process process, boolean group) throws IOException {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    if (group) {
      String all = "kill -KILL -- -" + process.pid() + " 2>/dev/null; true";
      new ProcessBuilder("/bin/sh", "-c", all).start().onExit().join();
    }
    CompletableFuture<?>[] ends =
        family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(ends).completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
  }

  /** Reads a process's output on a thread of its own, up to a limit. */
  private static final class Output implements AutoCloseable {
    private final InputStream in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;
    private volatile boolean tooMuch;

    Output(InputStream in) {
      this.in = in;
      this.reader = Thread.ofVirtual().name("fork-output").start(this::read);
    }

    private void read() {
      byte[] buffer = new byte[8192];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (bytes) {
            bytes.write(buffer, 0, n);
            tooMuch = bytes.size() > OUTPUT_LIMIT;
          }
          if (tooMuch) {
            return;
          }
        }
      } catch (IOException e) {
        // The process was killed: what was read so far is all there is.
        tooMuch = false;
      }
    }

    /** True if the output ended within the limit. */
    boolean await(Duration limit) throws InterruptedException {
      return reader.join(limit);
    }

    boolean isTooMuch() {
      return tooMuch;
    }

    byte[] bytes() {
      synchronized (bytes) {
        return bytes.toByteArray();
      }
    }

    @Override
    public void close() {
      reader.interrupt();
    }
  }
}
