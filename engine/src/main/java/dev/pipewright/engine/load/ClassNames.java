package dev.pipewright.engine.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The binary names of all classes in a folder or a jar. */
final class ClassNames {
  private static final String SUFFIX = ".class";

  private ClassNames() {}

  static List<String> in(Path place) {
    try {
      return Files.isDirectory(place) ? inFolder(place) : inJar(place);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the classes in " + place + ".", e);
    }
  }

  private static List<String> inFolder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return names(files.map(file -> folder.relativize(file).toString()));
    }
  }

  private static List<String> inJar(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return names(file.stream().map(entry -> entry.getName()));
    }
  }

  private static List<String> names(Stream<String> files) {
    return files
        .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("META-INF/"))
        .filter(name -> !name.endsWith("-info.class"))
        .map(name -> name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
        .sorted()
        .toList();
  }
}
