package dev.pipewright.standalone.local;

import dev.pipewright.engine.LocalMain;
import dev.pipewright.standalone.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Secrets for a local run: from a file of lines like {@code DEPLOY_KEY=…}, and from the
 * environment, which counts more.
 */
final class LocalSecrets {
  private static final long PATIENCE_SECONDS = 10;

  private LocalSecrets() {}

  /**
   * Reads them.
   *
   * @throws CommandException if the file cannot be read, or git would publish it
   */
  static Map<String, String> of(@Nullable Path file, Map<String, String> environment) {
    Map<String, String> secrets = new TreeMap<>();
    if (file != null) {
      if (isTracked(file.toAbsolutePath().normalize())) {
        throw new CommandException(
            file
                + " is tracked by git, so its secrets are no secrets any more. Remove it from git,"
                + " make new secrets, and name it in .gitignore.",
            2);
      }
      Properties lines = new Properties();
      try (Reader in = Files.newBufferedReader(file)) {
        lines.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw new CommandException("Could not read the secrets in " + file + ".", 2);
      }
      lines.stringPropertyNames().forEach(name -> secrets.put(name, lines.getProperty(name)));
    }
    secrets.putAll(LocalMain.secrets(environment));
    return secrets;
  }

  private static boolean isTracked(Path file) {
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return false;
    }
    try {
      Process git =
          new ProcessBuilder("git", "ls-files", "--error-unmatch", "--", file.toString())
              .directory(folder.toFile())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && git.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new CommandException("interrupted", 130);
    }
  }
}
