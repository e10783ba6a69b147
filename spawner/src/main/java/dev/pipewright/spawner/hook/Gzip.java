package dev.pipewright.spawner.hook;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Inflates compressed bodies in pieces, and never more than may be sent without compression. */
final class Gzip {
  private static final int LIMIT = 25 * 1024 * 1024;
  private static final int PIECE = 16 * 1024;

  private Gzip() {}

  /** Takes the inflated bytes piece by piece. */
  interface Sink {
    void take(byte[] buffer, int length);
  }

  /**
   * Inflates {@code body} into {@code sink}.
   *
   * @throws TooLargeHookException as soon as there is too much of it
   * @throws MalformedHookException if these are not compressed bytes
   */
  static void inflate(byte[] body, Sink sink) {
    byte[] buffer = new byte[PIECE];
    long total = 0;
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body), PIECE)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > LIMIT) {
          throw new TooLargeHookException("The body is larger than 25 MiB when it is inflated.");
        }
        sink.take(buffer, read);
      }
    } catch (IOException e) {
      throw new MalformedHookException("The body is not what its Content-Encoding says: gzip.");
    }
  }
}
