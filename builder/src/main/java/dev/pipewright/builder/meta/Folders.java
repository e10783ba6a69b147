package dev.pipewright.builder.meta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whole folders: read into memory, and deleted. */
public final class Folders {
  private Folders() {}

  /** Every regular file below a folder: name with slashes to content. */
  static SortedMap<String, byte[]> read(Path folder) throws IOException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Path file : walk(folder)) {
      if (Files.isRegularFile(file)) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        found.put(name, Files.readAllBytes(file));
      }
    }
    return found;
  }

  /** Deletes a folder with all it holds; nothing happens if there is none. Follows no links. */
  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path path : walk(folder).reversed()) {
        Files.delete(path);
      }
    }
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
