package dev.pipewright.engine.server;

import dev.pipewright.protocol.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of a run, which all its launches share: the workspace in {@code work}, the engine's
 * {@code journal}, and the mark {@code run.json}, which says that all of it belongs to the run.
 *
 * @param root the folder, absolute
 */
public record RunFolder(Path root) {

  /** Where steps work. */
  public Path work() {
    return root.resolve("work");
  }

  /** The events that engines have told. */
  public Path journal() {
    return root.resolve("journal");
  }

  /** What engines share with containers beside them. */
  public Path sides() {
    return root.resolve("sides");
  }

  /** Takes output while the server is away. */
  public Path spill() {
    return root.resolve("spill");
  }

  private Path mark() {
    return root.resolve("run.json");
  }

  /** True if an engine before this one has worked here for the run. */
  public boolean isOf(RunId run) throws IOException {
    return Files.isRegularFile(mark()) && Files.readString(mark()).equals(text(run));
  }

  /** Remembers that the folder belongs to the run. */
  public void mark(RunId run) throws IOException {
    Path half = root.resolve("run.json.new");
    Files.write(half, text(run).getBytes(StandardCharsets.UTF_8));
    Files.move(half, mark(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String text(RunId run) {
    return "{\"run\":\"" + run + "\"}\n";
  }

  /** Makes an empty workspace in the folder, without a mark; whatever was there is gone. */
  public void clear() throws IOException {
    Files.createDirectories(root);
    Files.deleteIfExists(mark());
    if (Files.exists(work())) {
      List<Path> files;
      try (Stream<Path> walk = Files.walk(work())) {
        files = walk.toList();
      }
      for (Path file : files.reversed()) {
        Files.delete(file);
      }
    }
    Files.createDirectories(work());
  }
}
