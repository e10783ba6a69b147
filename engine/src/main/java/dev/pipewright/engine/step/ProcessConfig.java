package dev.pipewright.engine.step;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How processes are started and ended. Immutable.
 *
 * @param path the search path given to steps
 * @param home the home directory given to steps
 * @param grace how long a process may take to end after SIGTERM
 */
public record ProcessConfig(String path, String home, Duration grace) {
  /** How long a process may take to end after SIGTERM unless told otherwise. */
  public static final Duration GRACE = Duration.ofSeconds(10);

  /** The program of that name on the search path; null if there is none. */
  @Nullable Path find(String program) {
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path candidate = Path.of(folder, program);
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }
}
