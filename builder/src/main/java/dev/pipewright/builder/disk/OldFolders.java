package dev.pipewright.builder.disk;

import dev.pipewright.builder.meta.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders of a cache that go when nobody has used them for long: the time on a folder says when it
 * was used last. A folder is moved aside as a whole before it is deleted, so whoever is killed
 * meanwhile leaves no half of one.
 */
public final class OldFolders {
  /** What was not used for this long is fetched or made again when it is needed. */
  public static final Duration UNUSED = Duration.ofDays(30);

  private static final String ASIDE = ".removing";

  private OldFolders() {}

  /** What was removed. */
  public record Removed(int folders, long bytes) {
    /** Nothing at all. */
    public static final Removed NOTHING = new Removed(0, 0);

    /** Both together. */
    public Removed and(Removed other) {
      return new Removed(folders + other.folders, bytes + other.bytes);
    }
  }

  /** Notes that a folder is used. */
  public static void noteUse(Path folder, Instant now) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(now));
  }

  /**
   * The folders below {@code root} with no folders in them; not those that are being removed.
   *
   * @param root need not exist
   */
  public static List<Path> leaves(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> folders = all.filter(Files::isDirectory).toList();
      Set<Path> parents = folders.stream().map(Path::getParent).collect(Collectors.toSet());
      return folders.stream()
          .filter(folder -> !folder.equals(root) && !parents.contains(folder))
          .filter(folder -> !folder.startsWith(root.resolve(ASIDE)))
          .toList();
    }
  }

  /**
   * Removes those of {@code folders}, all below {@code root}, that nobody has used for {@link
   * #UNUSED}; also what an earlier call that was cut off has moved aside. Nobody may use them
   * meanwhile.
   */
  public static Removed remove(Path root, List<Path> folders, Instant now) throws IOException {
    Path aside = root.resolve(ASIDE);
    Folders.delete(aside);
    Removed removed = Removed.NOTHING;
    for (Path folder : folders) {
      if (Files.getLastModifiedTime(folder).toInstant().isBefore(now.minus(UNUSED))) {
        Files.createDirectories(aside);
        removed = removed.and(new Removed(1, size(folder)));
        Files.move(
            folder,
            aside.resolve(Integer.toString(removed.folders())),
            StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Folders.delete(aside);
    return removed;
  }

  private static long size(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
