package dev.pipewright.standalone.server;

import dev.pipewright.protocol.BlobDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The name of this server among all that work for the same State-Controller or share a Docker
 * daemon: that of its data folder, whatever machine or container the folder is mounted in.
 */
final class Instance {
  private static final String FILE = "instance";
  private static final int DIGITS = 10;

  private Instance() {}

  /** The name that belongs to the folder; kept in it, so that restarts find what they started. */
  static String nameOf(Path data) {
    try {
      String kept = KeptLine.in(data.resolve(FILE), () -> UUID.randomUUID().toString());
      byte[] bytes = kept.getBytes(StandardCharsets.UTF_8);
      return "pw-" + BlobDigest.of(bytes).hex().substring(0, DIGITS);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not name this server in " + data, e);
    }
  }
}
