package dev.pipewright.builder.image;

import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** A SHA-256 over texts and files, each one fenced off from the next. */
public final class ContentHash {
  private final MessageDigest digest = BlobDigest.sha256();

  /** Adds a text. */
  public ContentHash text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds bytes. */
  public ContentHash bytes(byte[] bytes) {
    digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) ':');
    digest.update(bytes);
    return this;
  }

  /** Adds the names and contents of files, and of all files in folders. */
  public ContentHash files(Collection<Path> paths) {
    try {
      for (Path path : paths) {
        for (Path file : regular(path)) {
          text(
              path.equals(file) ? file.getFileName().toString() : path.relativize(file).toString());
          bytes(Files.readAllBytes(file));
        }
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the engine: " + e.getMessage(), e);
    }
  }

  private static List<Path> regular(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The first 16 hexadecimal digits; nothing can be added afterwards. */
  public String abbreviated() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }
}
