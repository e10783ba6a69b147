package dev.pipewright.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bare repository with a clone to commit in, driven by the real git. */
final class GitProject {
  private final Path bare;
  private final Path work;

  GitProject(Path folder) {
    this.bare = folder.resolve("bare.git");
    this.work = folder.resolve("work");
    try {
      Files.createDirectories(bare);
      Files.createDirectories(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    git(bare, "init", "-q", "--bare", "-b", "main", ".");
    git(work, "init", "-q", "-b", "main", ".");
    git(work, "remote", "add", "origin", bare.toString());
  }

  Path bare() {
    return bare;
  }

  /** The clone that is worked in. */
  Path work() {
    return work;
  }

  /** Writes a file into the clone. */
  GitProject file(String name, String text) {
    try {
      Path file = work.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a pipeline class whose {@code runs(...)} holds these steps. */
  GitProject pipeline(String name, String steps) {
    return pipeline(name, "", steps);
  }

  /** The same with words for the whole pipeline, such as {@code .oneAtATime()}. */
  GitProject pipeline(String name, String words, String steps) {
    return file(
        ".pipewright/ThePipeline.java",
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import static java.time.Duration.*;
        import dev.pipewright.dsl.*;

        public final class ThePipeline implements PipelineDefinition {
          @Override
          public Pipeline define() {
            return pipeline("%s").startedBy(push(), manually())%s.runs(%s);
          }
        }
        """
            .formatted(name, words, steps));
  }

  /**
   * Adds code that kills its own engine: {@code Dying.times(marker, n)} does so the first n times
   * it is called, and answers true afterwards.
   */
  GitProject dying() {
    return file(
        ".pipewright/Dying.java",
        """
        import java.nio.file.*;

        final class Dying {
          static boolean times(String marker, int times) {
            try {
              Path file = Path.of(marker);
              int before = Files.exists(file) ? Files.readAllLines(file).size() : 0;
              if (before < times) {
                Files.writeString(
                    file, "died\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                String self = Long.toString(ProcessHandle.current().pid());
                new ProcessBuilder("kill", "-9", self).start().waitFor();
                Thread.sleep(60_000);
              }
              return true;
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }

          static void note(String file, String line) throws java.io.IOException {
            Files.writeString(
                Path.of(file), line + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          }
        }
        """);
  }

  /** Commits everything and returns the hash. */
  String commit(String message) {
    git(work, "add", "-A");
    git(work, "commit", "-q", "--allow-empty", "-m", message);
    return git(work, "rev-parse", "HEAD");
  }

  /** Pushes the current commit to a full ref. */
  void push(String ref) {
    git(work, "push", "-q", "--force", "origin", "HEAD:" + ref);
  }

  /** Deletes a ref of the bare repository by a push. */
  void delete(String ref) {
    git(work, "push", "-q", "origin", ":" + ref);
  }

  /** Commits and pushes to main; returns the hash. */
  String release(String message) {
    String commit = commit(message);
    push("refs/heads/main");
    return commit;
  }

  /** Installs the hook script the server offers for this source. */
  GitProject hook(URI server, String source) {
    try (InputStream script =
        server.resolve("/hooks/" + source + "/post-receive").toURL().openStream()) {
      Path hook = bare.resolve("hooks").resolve("post-receive");
      Files.write(hook, script.readAllBytes());
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String git(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "GIT_AUTHOR_NAME", "Ada",
                  "GIT_AUTHOR_EMAIL", "ada@example.org",
                  "GIT_COMMITTER_NAME", "Ada",
                  "GIT_COMMITTER_EMAIL", "ada@example.org",
                  "GIT_CONFIG_NOSYSTEM", "1"));
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
      return output.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
