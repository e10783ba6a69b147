package dev.pipewright.builder.meta;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The bundle of the meta-pipeline: the classes of this package, from a jar or a folder. */
public final class BuiltInBundle {
  private static final String FOLDER = BuiltInBundle.class.getPackageName().replace('.', '/') + "/";

  private BuiltInBundle() {}

  /** The bundle as a jar; equal classes give equal bytes. */
  public static byte[] jar() {
    try {
      SortedMap<String, byte[]> classes = classes(whereClassesAre());
      if (!classes.containsKey(FOLDER + "PipelineCodePipeline.class")) {
        throw new IOException("the classes of the meta-pipeline were not found");
      }
      return ReproducibleZip.of(classes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Could not pack the meta-pipeline: " + e.getMessage() + ".", e);
    }
  }

  private static SortedMap<String, byte[]> classes(Path where) throws IOException {
    SortedMap<String, byte[]> found = new TreeMap<>();
    if (Files.isDirectory(where)) {
      for (Map.Entry<String, byte[]> file : Folders.read(where.resolve(FOLDER)).entrySet()) {
        found.put(FOLDER + file.getKey(), file.getValue());
      }
      return found;
    }
    try (JarFile jar = new JarFile(where.toFile())) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith(FOLDER) && entry.getName().endsWith(".class")) {
          try (InputStream in = jar.getInputStream(entry)) {
            found.put(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
    return found;
  }

  private static Path whereClassesAre() throws IOException {
    URI location;
    try {
      location = BuiltInBundle.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException e) {
      throw new IOException("their place is not a file", e);
    }
    return Path.of(location);
  }
}
