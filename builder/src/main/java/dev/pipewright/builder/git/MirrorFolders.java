package dev.pipewright.builder.git;

import dev.pipewright.builder.meta.Folders;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.SourceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders of mirrors on the disk: which source has which, and when it was last used. */
final class MirrorFolders {
  private static final Logger log = LoggerFactory.getLogger(MirrorFolders.class);
  private static final Duration NOTED_EVERY = Duration.ofMinutes(10);

  private final Path folder;

  MirrorFolders(Path folder) {
    this.folder = folder;
  }

  /** The folder of a source, which need not exist. */
  Path of(SourceName source) {
    return folder.resolve(name(source));
  }

  private static String name(SourceName source) {
    String hash = BlobDigest.of(source.value().getBytes(StandardCharsets.UTF_8)).hex();
    return hash.substring(0, 32) + ".git";
  }

  /** Notes on the folder itself that it is used, so that a restart does not forget it. */
  void noteUse(SourceName source, Instant now) {
    Path mirror = of(source);
    try {
      if (Files.getLastModifiedTime(mirror).toInstant().plus(NOTED_EVERY).isBefore(now)) {
        Files.setLastModifiedTime(mirror, FileTime.from(now));
      }
    } catch (IOException e) {
      log.atDebug().addKeyValue("source", source).setCause(e).log("Use was not noted");
    }
  }

  /** The folders that are not needed while there are only these sources. */
  List<Path> unneeded(Collection<SourceName> sources, Instant now) throws IOException {
    Set<String> known = sources.stream().map(MirrorFolders::name).collect(Collectors.toSet());
    return MirrorFolder.unneeded(list(), known, now).stream()
        .map(mirror -> folder.resolve(mirror.name()))
        .toList();
  }

  private List<MirrorFolder> list() throws IOException {
    List<MirrorFolder> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> mirrors = Files.list(folder)) {
        for (Path mirror : mirrors.filter(path -> path.toString().endsWith(".git")).toList()) {
          Instant used = Files.getLastModifiedTime(mirror).toInstant();
          found.add(new MirrorFolder(mirror.getFileName().toString(), used));
        }
      }
    }
    return found;
  }

  /** Removes a folder; how many bytes were in it. */
  static long delete(Path mirror) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(mirror)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    Folders.delete(mirror);
    return bytes;
  }
}
