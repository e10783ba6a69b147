package dev.pipewright.spawner.process;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.launch.Launched;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What is on disk about one unit: {@code unit.json} says what it is, {@code stat} which process it
 * became, {@code exit} how that ended, {@code output} what it printed, {@code stopped} that it was
 * ended by order. All of it survives a restart.
 */
record UnitFolder(Path path) {
  private static final long OUTPUT_LIMIT = 2L << 20;
  private static final int OUTPUT_KEPT = 64 << 10;

  void create(Launched unit) throws IOException {
    Files.createDirectories(path);
    Path part = path.resolve("unit.json.part");
    Files.write(part, Json.bytes(unit));
    Files.move(part, path.resolve("unit.json"), StandardCopyOption.ATOMIC_MOVE);
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

  void markStopped() throws IOException {
    if (Files.isDirectory(path)) {
      Files.write(path.resolve("stopped"), new byte[0]);
    }
  }

  boolean wasStopped() {
    return Files.exists(path.resolve("stopped"));
  }

  /** Cuts the output down to its end once it has grown large. */
  void shortenOutput() throws IOException {
    Path output = path.resolve("output");
    if (Files.exists(output) && Files.size(output) > OUTPUT_LIMIT) {
      byte[] end = tail(OUTPUT_KEPT).getBytes(StandardCharsets.UTF_8);
      Files.write(output, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
      Files.write(output, end, StandardOpenOption.APPEND);
    }
  }

  String tail(int bytes) {
    try (RandomAccessFile file = new RandomAccessFile(path.resolve("output").toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(bytes, file.length())];
      file.seek(file.length() - end.length);
      file.readFully(end);
      return new String(end, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
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
