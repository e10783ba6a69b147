package dev.pipewright.builder.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Everything the daemon needs to make a runtime image, as a tar. Immutable. */
record ImageContext(
    String from,
    String user,
    Path java,
    List<EngineFiles.Jar> engine,
    List<EngineFiles.Jar> testing) {
  /** Grows whenever what is written here changes, so that images are made anew. */
  static final String RECIPE = "3";

  private static final String HOME = "opt/pipewright/";
  private static final FileTime WHEN = FileTime.from(Instant.EPOCH);
  private static final int PLAIN = 0100644;
  private static final int EXECUTABLE = 0100755;

  /** Writes the tar to a file. */
  void write(Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, "Dockerfile", PLAIN, dockerfile().getBytes(StandardCharsets.UTF_8));
      writeOwn((name, mode, content) -> add(tar, HOME + name, mode, content));
      addJava(tar);
    }
  }

  /**
   * Writes what goes into {@code /opt/pipewright} beside the Java and the cache into a folder, with
   * the permissions it gets there.
   */
  void unpack(Path folder) throws IOException {
    writeOwn(
        (name, mode, content) -> {
          Path file = folder.resolve(name);
          Files.createDirectories(file.getParent());
          Files.write(file, content);
          if (mode == EXECUTABLE && !file.toFile().setExecutable(true)) {
            throw new IOException("could not make " + file + " executable");
          }
        });
  }

  /** Where a file goes. */
  private interface Place {
    void put(String name, int mode, byte[] content) throws IOException;
  }

  private void writeOwn(Place place) throws IOException {
    place.put("bin/prepare", EXECUTABLE, script("prepare.sh"));
    place.put("bin/engine", EXECUTABLE, script("engine.sh"));
    for (EngineFiles.Jar jar : engine) {
      place.put("engine/" + jar.name(), PLAIN, jar.content());
    }
    for (EngineFiles.Jar jar : testing) {
      place.put("testing/" + jar.name(), PLAIN, jar.content());
    }
  }

  private String dockerfile() {
    String back = user.isEmpty() ? "" : "USER " + user + "\n";
    return """
    FROM %s
    USER 0:0
    COPY opt/pipewright /opt/pipewright
    RUN ["/opt/pipewright/bin/prepare"]
    %sENTRYPOINT ["/opt/pipewright/bin/engine"]
    CMD []
    """
        .formatted(from, back);
  }

  private byte[] script(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ImageContext.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@OPTIONS@", String.join(" ", LocalRuntime.OPTIONS))
          .replace("@CLASSPATH@", classPath("engine/", engine))
          .replace("@TESTING@", LocalRuntime.TESTING + classPath("testing/", testing))
          .replace("@MAIN@", LocalRuntime.MAIN)
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private static String classPath(String folder, List<EngineFiles.Jar> jars) {
    return jars.stream()
        .map(jar -> "/" + HOME + folder + jar.name())
        .collect(Collectors.joining(":"));
  }

  private void addJava(TarArchiveOutputStream tar) throws IOException {
    try (Stream<Path> walk = Files.walk(java)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        int mode = Files.isExecutable(file) ? EXECUTABLE : PLAIN;
        add(tar, HOME + "jre/" + java.relativize(file), mode, Files.readAllBytes(file));
      }
    }
  }

  private static void add(TarArchiveOutputStream tar, String name, int mode, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setLastModifiedTime(WHEN);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
