package dev.pipewright.engine.local;

import dev.pipewright.engine.history.History;
import dev.pipewright.engine.report.LocalReporter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one local run: its mark, events, logs and kept files. Folders are numbered.
 *
 * @param number the number of the run in this working tree
 * @param folder where it is
 */
public record LocalFolder(long number, Path folder) {

  /** Makes a folder for what local runs leave in a working tree; git ignores all of it. */
  public static Path unseen(Path folder) throws IOException {
    Path ignored = Files.createDirectories(folder).resolve(".gitignore");
    if (!Files.exists(ignored)) {
      Files.writeString(ignored, "*\n");
    }
    return folder;
  }

  /** A new one; two processes never get the same. */
  public static LocalFolder next(Path stateFolder) throws IOException {
    Files.createDirectories(stateFolder);
    List<Long> numbers = numbers(stateFolder);
    long number = numbers.isEmpty() ? 1 : numbers.getFirst() + 1;
    while (true) {
      try {
        return new LocalFolder(
            number, Files.createDirectory(stateFolder.resolve(Long.toString(number))));
      } catch (FileAlreadyExistsException e) {
        number++;
      }
    }
  }

  /** The one with this number. */
  public static LocalFolder of(Path stateFolder, long number) {
    return new LocalFolder(number, stateFolder.resolve(Long.toString(number)));
  }

  /**
   * The newest one.
   *
   * @param pipeline of this pipeline; null for any
   * @param unfinished only if its run is not over
   * @return null if there is none
   */
  public static @Nullable LocalFolder last(
      Path stateFolder, @Nullable String pipeline, boolean unfinished) throws IOException {
    for (long number : numbers(stateFolder)) {
      LocalFolder each = of(stateFolder, number);
      LocalMark mark = each.mark();
      if (mark != null
          && (pipeline == null || mark.pipeline().equals(pipeline))
          && (!unfinished || each.history().over() == null)) {
        return each;
      }
    }
    return null;
  }

  private static List<Long> numbers(Path stateFolder) throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (Files.isDirectory(stateFolder)) {
      try (var folders = Files.list(stateFolder)) {
        for (Path each : (Iterable<Path>) folders::iterator) {
          String name = each.getFileName().toString();
          if (name.matches("[0-9]{1,9}")) {
            numbers.add(Long.parseLong(name));
          }
        }
      }
    }
    numbers.sort(Collections.reverseOrder());
    return numbers;
  }

  /** What the run was asked for; null if that was never written. */
  public @Nullable LocalMark mark() throws IOException {
    return LocalMark.read(folder);
  }

  /** Writes what the run is asked for. */
  public void mark(LocalMark mark) throws IOException {
    mark.write(folder);
  }

  /** Moves the logs of an attempt away, so that another one begins with empty ones. */
  public void putLogsAside(int attempt) throws IOException {
    Path logs = folder.resolve("logs");
    if (Files.isDirectory(logs)) {
      Files.move(logs, folder.resolve("logs." + attempt));
    }
  }

  /**
   * Claims the run for this process.
   *
   * @throws IOException if another process works on it; the message says so
   */
  public LocalClaim claim() throws IOException {
    return LocalClaim.of(this);
  }

  /** What is known of the run. */
  public History history() throws IOException {
    return History.of(LocalReporter.events(folder));
  }
}
