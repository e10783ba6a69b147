package dev.pipewright.standalone.server;

import dev.pipewright.protocol.BlobDigest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The name of this server among others on the same machine; the same as long as the data folder is.
 */
final class Instance {
  private static final int DIGITS = 10;

  private Instance() {}

  static String nameOf(Path data) {
    byte[] path = data.toString().getBytes(StandardCharsets.UTF_8);
    return "pw-" + BlobDigest.of(path).hex().substring(0, DIGITS);
  }
}
