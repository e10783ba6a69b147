package dev.pipewright.engine.report;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes output that does not fit into memory while the server is away. The file is made when it is
 * needed, and begins anew whenever all of it was taken back. Confined to its outbox.
 */
final class Spill {
  private static final long LIMIT = 256L * 1024 * 1024;

  private final @Nullable Path path;
  private @Nullable RandomAccessFile file;
  private long end;
  private long kept;

  /** {@code path} null means that there is no room at all. */
  Spill(@Nullable Path path) {
    this.path = path;
  }

  /** True if so many bytes more may be written. */
  boolean hasRoom(int length) {
    return path != null && end + length <= LIMIT;
  }

  /** Where the next bytes are written. */
  long end() {
    return end;
  }

  /** Writes at the end; false if that is not possible, such as on a full disk. */
  boolean write(byte[] bytes, int offset, int length) {
    try {
      if (file == null) {
        if (path == null) {
          return false;
        }
        file = new RandomAccessFile(path.toFile(), "rw");
      }
      file.seek(end);
      file.write(bytes, offset, length);
      end += length;
      kept += length;
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Takes bytes back. */
  byte[] read(long position, int length) throws IOException {
    if (file == null) {
      throw new IOException("Nothing was written.");
    }
    byte[] bytes = new byte[length];
    file.seek(position);
    file.readFully(bytes);
    kept -= length;
    if (kept == 0) {
      end = 0;
      file.setLength(0);
    }
    return bytes;
  }

  /** Removes the file. */
  void close() {
    try {
      if (file != null) {
        file.close();
        file = null;
      }
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It goes with the folder of the run.
    }
  }
}
