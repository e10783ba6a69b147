package dev.pipewright.spawner.process;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Limits;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is on disk about one unit: {@code unit.json} says what it is, {@code stat} which process it
 * became, {@code times} what time that took, {@code exit} how it ended, {@code output} what it
 * printed, {@code stopped} that it was ended by order, {@code breach} which limit it was ended for.
 * All of it survives a restart.
 */
record UnitFolder(Path path) {
  /** What a shell says: a line of its own times, and one of those of its children. */
  private static final Pattern TIMES =
      Pattern.compile("\\n(\\d+)m(\\d+\\.\\d+)s (\\d+)m(\\d+\\.\\d+)s$");

  void create(Launched unit) throws IOException {
    Files.createDirectories(path);
    write("unit.json", unit);
  }

  private void write(String name, Object value) throws IOException {
    Path part = path.resolve(name + ".part");
    Files.write(part, Json.bytes(value));
    Files.move(part, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  Optional<Launched> unit() {
    try {
      return Optional.of(Json.read(Files.readAllBytes(path.resolve("unit.json")), Launched.class));
    } catch (IOException | ProtocolException e) {
      return Optional.empty();
    }
  }

  /** The process the unit became, alive or not; empty as long as it was not started. */
  Optional<ProcessTable.Entry> started() {
    return line("stat").flatMap(ProcessTable::parse);
  }

  /** The exit code, once the engine has ended. */
  Optional<Integer> exitCode() {
    return line("exit").filter(text -> text.matches("[0-9]{1,3}")).map(Integer::valueOf);
  }

  /**
   * The time of processors that the engine and all it waited for have taken, in milliseconds;
   * unknown until it has ended, and if it was killed with its wrapper.
   */
  OptionalLong cpuMillis() {
    Matcher time = TIMES.matcher(line("times").orElse(""));
    return time.find()
        ? OptionalLong.of(
            millis(time.group(1), time.group(2)) + millis(time.group(3), time.group(4)))
        : OptionalLong.empty();
  }

  private static long millis(String minutes, String seconds) {
    return Long.parseLong(minutes) * 60_000 + Math.round(Double.parseDouble(seconds) * 1000);
  }

  void markStopped() throws IOException {
    if (Files.isDirectory(path)) {
      Files.write(path.resolve("stopped"), new byte[0]);
    }
  }

  boolean wasStopped() {
    return Files.exists(path.resolve("stopped"));
  }

  /** Writes down the limit the unit is ended for; the first one stays. */
  void mark(Limits.Breach breach) throws IOException {
    if (Files.isDirectory(path) && breach().isEmpty()) {
      write("breach", breach);
    }
  }

  /** The limit the unit was ended for, if it was. */
  Optional<Limits.Breach> breach() {
    try {
      return Optional.of(
          Json.read(Files.readAllBytes(path.resolve("breach")), Limits.Breach.class));
    } catch (IOException | ProtocolException e) {
      return Optional.empty();
    }
  }

  /** How much it has printed. */
  long outputBytes() {
    try {
      return Files.size(path.resolve("output"));
    } catch (IOException e) {
      return 0;
    }
  }

  String tail(int bytes) {
    return new String(output(Math.max(0, outputBytes() - bytes), bytes), StandardCharsets.UTF_8);
  }

  /** At most {@code most} bytes of the output from {@code offset} on. */
  byte[] output(long offset, int most) {
    try (RandomAccessFile file = new RandomAccessFile(path.resolve("output").toFile(), "r")) {
      byte[] piece = new byte[Math.clamp(file.length() - offset, 0, most)];
      file.seek(offset);
      file.readFully(piece);
      return piece;
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** A line that was written as a whole, its end included. */
  private Optional<String> line(String name) {
    try {
      String text = Files.readString(path.resolve(name));
      return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
