package dev.pipewright.engine.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of pipeline code on the disk: the jar and the libraries it carries, each unpacked into a
 * file beside it. Closing deletes what was unpacked.
 */
public final class Bundle implements AutoCloseable {
  private static final String LIBRARIES = "libraries/";

  private final Path jar;
  private final List<Path> libraries;
  private final @Nullable Path folder;

  private Bundle(Path jar, List<Path> libraries, @Nullable Path folder) {
    this.jar = jar;
    this.libraries = List.copyOf(libraries);
    this.folder = folder;
  }

  /**
   * Unpacks the libraries of a bundle.
   *
   * @throws IOException if it is no bundle or cannot be unpacked
   */
  public static Bundle open(Path jar) throws IOException {
    List<Path> libraries = new ArrayList<>();
    @Nullable Path folder = null;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (!name.startsWith(LIBRARIES) || name.indexOf('/', LIBRARIES.length()) >= 0) {
          continue;
        }
        if (folder == null) {
          folder = Files.createTempDirectory("pipewright-libraries-");
        }
        Path library = folder.resolve(name.substring(LIBRARIES.length()));
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, library);
        }
        libraries.add(library);
      }
    }
    return new Bundle(jar, libraries, folder);
  }

  /** The jar, and after it the libraries in their order. */
  public List<Path> classPath() {
    List<Path> all = new ArrayList<>(List.of(jar));
    libraries.stream().sorted().forEach(all::add);
    return all;
  }

  @Override
  public void close() throws IOException {
    for (Path library : libraries) {
      Files.deleteIfExists(library);
    }
    if (folder != null) {
      Files.deleteIfExists(folder);
    }
  }
}
