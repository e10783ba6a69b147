package dev.pipewright.standalone.server;

import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program of this machine to its end, without a shell. */
final class Tool {
  private final Path folder;
  private final Map<String, String> environment;

  /** Programs started in {@code folder} with additional environment variables. */
  Tool(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Runs the program and returns what it printed.
   *
   * @throws CommandException if it is missing or ends with an exit code other than zero
   */
  String run(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(environment);
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new CommandException(
            "'%s' ended with exit code %d: %s"
                .formatted(String.join(" ", List.of(command)), exitCode, output.strip()));
      }
      return output.strip();
    } catch (IOException e) {
      throw new CommandException(
          "Could not start '"
              + command[0]
              + "': "
              + e.getMessage()
              + ". Install it and try again.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", 130);
    }
  }
}
