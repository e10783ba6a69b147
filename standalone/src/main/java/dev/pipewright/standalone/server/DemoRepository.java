package dev.pipewright.standalone.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A bare Git repository and a clone of it to commit in, made of a sample project. It is an ordinary
 * repository: commits reach the server by {@code git push} and git's own post-receive hook.
 */
final class DemoRepository {
  private static final Map<String, String> AUTHOR =
      Map.of(
          "GIT_AUTHOR_NAME", "Ada",
          "GIT_AUTHOR_EMAIL", "ada@example.org",
          "GIT_COMMITTER_NAME", "Ada",
          "GIT_COMMITTER_EMAIL", "ada@example.org",
          "GIT_CONFIG_NOSYSTEM", "1",
          "GIT_TERMINAL_PROMPT", "0");

  private final Path bare;
  private final Path workingCopy;

  /** A repository in {@code folder}; nothing is done yet. */
  DemoRepository(Path folder) {
    this.bare = folder.resolve("repository.git");
    this.workingCopy = folder.resolve("clone");
  }

  /** Where the bare repository is. */
  Path bare() {
    return bare;
  }

  /** Where one may commit and push. */
  Path workingCopy() {
    return workingCopy;
  }

  /** Makes the repository and fills the clone with the sample, unless that was done before. */
  void prepare(Path sample) {
    try {
      if (!Files.isDirectory(bare)) {
        Files.createDirectories(bare);
        git(bare, "init", "-q", "--bare", "-b", "main", ".");
      }
      if (!Files.isDirectory(workingCopy)) {
        Files.createDirectories(workingCopy);
        git(workingCopy, "init", "-q", "-b", "main", ".");
        git(workingCopy, "remote", "add", "origin", bare.toString());
        copy(sample, workingCopy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not make the sample repository: " + e.getMessage(), e);
    }
  }

  /** Installs the hook that tells the server of every push. */
  void install(String postReceive) {
    try {
      Path hook = bare.resolve("hooks").resolve("post-receive");
      Files.createDirectories(hook.getParent());
      Files.writeString(hook, postReceive);
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException("Could not install the hook: " + e.getMessage(), e);
    }
  }

  /** Commits a new version of the sample, pushes it and returns the hash of the commit. */
  String push(String version) {
    try {
      Files.writeString(workingCopy.resolve("VERSION"), version + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Could not change the sample: " + e.getMessage(), e);
    }
    git(workingCopy, "add", "-A");
    git(workingCopy, "commit", "-q", "--allow-empty", "-m", "Release " + version);
    git(workingCopy, "push", "-q", "origin", "main");
    return git(workingCopy, "rev-parse", "HEAD");
  }

  private static String git(Path folder, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "git";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new Tool(folder, AUTHOR).run(command);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path relative = from.relativize(file);
        Path target = to.resolve(relative.toString());
        if (relative.startsWith("target") || relative.startsWith(Path.of(".pipewright", ".runs"))) {
          continue;
        }
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
