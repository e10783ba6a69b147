package dev.pipewright.builder.testing;

import dev.pipewright.builder.meta.PipelineCompiler;
import dev.pipewright.builder.meta.ReproducibleZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;

/** A Maven repository in a folder, with libraries made of one class each. */
public record MavenRepo(Path folder) {

  /** Its address. */
  public String url() {
    return folder.toUri().toString();
  }

  /**
   * Adds {@code org.example:<artifact>:1.0} with one class whose {@code text()} returns {@code
   * value}; it needs {@code needs}, unless that is empty.
   */
  public MavenRepo with(String artifact, String className, String value, String needs)
      throws IOException {
    String source =
        "package org.example; public final class %s { public static String text() { return \"%s\"; } }"
            .formatted(className, value);
    Path sources = Files.createTempDirectory("library-");
    Files.writeString(sources.resolve(className + ".java"), source);
    Path classes = sources.resolve("classes");
    Assertions.assertThat(new PipelineCompiler().compile(sources, classes).problems()).isEmpty();
    String name = "org/example/" + className + ".class";
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(name, Files.readAllBytes(classes.resolve(name)));
    write(artifact, "jar", ReproducibleZip.of(files));
    write(artifact, "pom", pom(artifact, needs).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private static String pom(String artifact, String needs) {
    String dependency =
        "<dependencies><dependency><groupId>org.example</groupId><artifactId>%s</artifactId>"
                .formatted(needs)
            + "<version>1.0</version></dependency></dependencies>";
    return "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>"
        + artifact
        + "</artifactId><version>1.0</version>"
        + (needs.isEmpty() ? "" : dependency)
        + "</project>";
  }

  private void write(String artifact, String extension, byte[] content) throws IOException {
    Path file =
        folder.resolve("org/example/%s/1.0/%s-1.0.%s".formatted(artifact, artifact, extension));
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    try {
      byte[] sum = MessageDigest.getInstance("SHA-1").digest(content);
      Files.writeString(
          file.resolveSibling(file.getFileName() + ".sha1"), HexFormat.of().formatHex(sum));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
