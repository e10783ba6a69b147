package dev.pipewright.engine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks the files a workspace begins with. */
final class Seed {
  private static final long LIMIT = 2L * 1024 * 1024 * 1024;

  private Seed() {}

  /**
   * Unpacks a zip.
   *
   * @throws IOException if an entry would land outside the workspace, or it is too large
   */
  static void unpack(byte[] zip, Path workspace) throws IOException {
    long left = LIMIT;
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path target = workspace.resolve(entry.getName()).normalize();
        if (!target.startsWith(workspace)) {
          throw new IOException("The seed has an entry outside the workspace: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        left -= Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        if (left < 0) {
          throw new IOException("The seed is larger than 2 GiB.");
        }
      }
    }
  }
}
