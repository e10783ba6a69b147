package dev.pipewright.standalone.local;

import dev.pipewright.standalone.client.SafeText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of an output, safe to print. */
final class LogTail {
  private static final int MOST_BYTES = 64 * 1024;

  private LogTail() {}

  static List<String> of(Path log, int lines) {
    if (!Files.exists(log)) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - MOST_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      SafeText text = new SafeText();
      List<String> all = (text.next(bytes) + text.end()).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
