package dev.pipewright.builder;

import dev.pipewright.builder.git.CodeFolder;
import dev.pipewright.builder.maven.LibraryException;
import dev.pipewright.builder.maven.MavenLibraries;
import dev.pipewright.builder.maven.ResolvedLibraries;
import dev.pipewright.builder.meta.LibraryLines;
import dev.pipewright.builder.meta.LibraryLock;
import dev.pipewright.builder.meta.PipelineCodePipeline;
import dev.pipewright.builder.meta.ReproducibleZip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run that builds pipeline code begins with: the code and, if it names any, its libraries.
 *
 * @param zip all of it
 * @param hasLibraries whether the code names libraries
 */
record CodeSeed(byte[] zip, boolean hasLibraries) {
  private static final String SOURCES = PipelineCodePipeline.SOURCES + "/";
  private static final String LIBRARIES = PipelineCodePipeline.LIBRARIES + "/";
  private static final long MOST = 48L * 1024 * 1024;

  /**
   * Collects it. Libraries that cannot be had are a text in the seed, so that the run says it.
   *
   * @throws BuildFailedException if the repository of libraries cannot be reached
   */
  static CodeSeed of(CodeFolder folder, MavenLibraries libraries) {
    SortedMap<String, byte[]> files = folder.files(SOURCES);
    LibraryLines lines = LibraryLines.of(javaFiles(files));
    boolean named = !lines.libraries().isEmpty() && lines.problems().isEmpty();
    if (named) {
      try {
        files.putAll(fetched(lines, files.get(SOURCES + LibraryLock.FILE), libraries));
      } catch (LibraryException e) {
        if (e.isTemporary()) {
          throw new BuildFailedException(String.valueOf(e.getMessage()), true);
        }
        files.put(
            LIBRARIES + PipelineCodePipeline.REFUSED,
            String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
      }
    }
    return new CodeSeed(ReproducibleZip.of(files), named);
  }

  private static SortedMap<String, String> javaFiles(SortedMap<String, byte[]> files) {
    SortedMap<String, String> texts = new TreeMap<>();
    files.forEach(
        (name, content) -> {
          String relative = name.substring(SOURCES.length());
          if (relative.endsWith(".java") && !relative.matches("(.*/)?\\.[^/]+/.*")) {
            texts.put(relative, new String(content, StandardCharsets.UTF_8));
          }
        });
    return texts;
  }

  private static SortedMap<String, byte[]> fetched(
      LibraryLines lines, byte @Nullable [] lock, MavenLibraries libraries)
      throws LibraryException {
    ResolvedLibraries found =
        libraries.get(
            lines.libraries(), lock == null ? null : new String(lock, StandardCharsets.UTF_8));
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(LIBRARIES + LibraryLock.FILE, found.lock().text().getBytes(StandardCharsets.UTF_8));
    List<String> names = found.lock().fileNames();
    long size = 0;
    try {
      for (int i = 0; i < names.size(); i++) {
        byte[] jar = Files.readAllBytes(found.jars().get(i));
        size += jar.length;
        files.put(LIBRARIES + names.get(i), jar);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read a library: " + e.getMessage(), e);
    }
    if (size > MOST) {
      throw LibraryException.refused(
          "The libraries have %,d bytes together; %,d are allowed.".formatted(size, MOST));
    }
    return files;
  }
}
