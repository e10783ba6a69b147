package dev.pipewright.builder.image;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one of the JDK's own tools to its end. */
final class Commands {
  private static final int SHOWN = 2_000;

  private Commands() {}

  /**
   * Runs a command.
   *
   * @throws IOException if it cannot be started, fails or takes longer than {@code limit}; the
   *     message ends with what it printed last
   */
  static void run(Duration limit, List<String> command) throws IOException {
    Path output = Files.createTempFile("pipewright-", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectOutput(output.toFile());
      Process process = builder.start();
      try {
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended || process.exitValue() != 0) {
          String how =
              ended
                  ? "failed with exit code " + process.exitValue()
                  : "took longer than " + limit.toSeconds() + " seconds";
          throw new IOException(command.getFirst() + " " + how + ": " + tail(output));
        }
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(command.getFirst() + " was interrupted.");
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String tail(Path output) throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
    return text.length() <= SHOWN ? text : "…" + text.substring(text.length() - SHOWN);
  }
}
