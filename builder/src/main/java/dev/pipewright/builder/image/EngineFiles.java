package dev.pipewright.builder.image;

import dev.pipewright.builder.meta.ReproducibleZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The engine's class path, in order: jars, or while developing folders of classes, which are packed
 * where jars are needed. Immutable.
 */
record EngineFiles(List<Path> classPath) {
  EngineFiles {
    classPath = List.copyOf(classPath);
  }

  /** One jar as it is stored in an image; the name keeps its place on the class path. */
  record Jar(String name, byte[] content) {}

  /** True if there are only jars: what an AOT cache needs. */
  boolean isPacked() {
    return classPath.stream().allMatch(Files::isRegularFile);
  }

  /** A hash of all content. */
  String hash() {
    return new ContentHash().files(classPath).abbreviated();
  }

  List<Jar> jars() throws IOException {
    List<Jar> jars = new ArrayList<>();
    for (Path entry : classPath) {
      String number = "%02d-".formatted(jars.size());
      jars.add(
          Files.isRegularFile(entry)
              ? new Jar(number + entry.getFileName(), Files.readAllBytes(entry))
              : new Jar(number + "classes.jar", packed(entry)));
    }
    return jars;
  }

  private static byte[] packed(Path folder) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return ReproducibleZip.of(files);
  }
}
