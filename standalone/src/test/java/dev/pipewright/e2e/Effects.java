package dev.pipewright.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** A file outside all workspaces in which steps leave a line each time they do something. */
final class Effects {
  private final Path file;
  private final Path gate;

  Effects(Path folder, String name) {
    this.file = folder.resolve(name + ".effects");
    this.gate = folder.resolve(name + ".gate");
  }

  Path file() {
    return file;
  }

  /** Shell text that leaves a line. */
  String leave(String line) {
    return "echo " + line + " >>" + file;
  }

  /** Shell text that waits until the gate is open. */
  String waitAtGate() {
    return "while [ ! -e " + gate + " ]; do sleep 0.02; done";
  }

  void openGate() {
    try {
      Files.createFile(gate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a line was left so often. */
  void await(String line, int times) {
    Awaitility.await()
        .atMost(Scenario.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> lines().stream().filter(line::equals).count() >= times);
  }
}
