package dev.pipewright.builder.image;

import dev.pipewright.builder.meta.Folders;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * The Java that goes into images: linked from the JDK at hand with the modules an engine and
 * pipeline code need, once per JDK. Thread-safe.
 */
final class JavaRuntime {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.compiler",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.compiler",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.unsupported",
          "jdk.zipfs");

  private final Path javaHome;
  private final Path folder;

  JavaRuntime(Path javaHome, Path folder) {
    this.javaHome = javaHome;
    this.folder = folder;
  }

  /** What the runtime is made of; equal keys, equal runtimes. */
  String key() throws IOException {
    return new ContentHash()
        .text(Files.readString(javaHome.resolve("release")))
        .text(String.join(",", MODULES))
        .abbreviated();
  }

  /**
   * The folder with the runtime; links it first if it is not there yet.
   *
   * @throws IOException if it cannot be linked; the message says what the JDK's tool said
   */
  synchronized Path folder() throws IOException {
    Path ready = folder.resolve(key());
    if (Files.isDirectory(ready)) {
      return ready;
    }
    Files.createDirectories(folder);
    Path fresh = Files.createTempDirectory(folder, "linking-").resolve("jre");
    Commands.run(
        LIMIT,
        List.of(
            javaHome.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            fresh.toString()));
    Commands.run(LIMIT, List.of(fresh.resolve("bin/java").toString(), "-Xshare:dump"));
    try {
      Files.move(fresh, ready, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      Folders.delete(fresh);
    }
    Files.deleteIfExists(fresh.getParent());
    removeOthers(ready);
    return ready;
  }

  /** Those of JDKs before this one, and what was cut off. */
  private void removeOthers(Path ready) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path other : all) {
        if (!other.equals(ready)) {
          Folders.delete(other);
        }
      }
    }
  }
}
