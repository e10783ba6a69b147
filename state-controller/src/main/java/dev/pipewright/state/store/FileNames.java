package dev.pipewright.state.store;

import dev.pipewright.protocol.BlobDigest;
import java.nio.charset.StandardCharsets;

/** Makes short, safe file names from any text: a readable beginning and a part of its hash. */
final class FileNames {
  private static final int READABLE = 40;
  private static final int HASHED = 20;

  private FileNames() {}

  static String of(String text) {
    String clean = text.replaceAll("[^A-Za-z0-9_-]", "_");
    String readable = clean.length() <= READABLE ? clean : clean.substring(0, READABLE);
    String hash = BlobDigest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    return readable + "-" + hash.substring(0, HASHED);
  }
}
