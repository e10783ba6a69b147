package dev.pipewright.state.store;

import dev.pipewright.protocol.api.LogTime;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The times of one log in a file that only grows: 16 bytes each, the offset and the milliseconds
 * since 1970. What a killed process left of half of one is written over. The caller sees to it that
 * one writes at a time.
 */
final class TimesFile {
  private static final int ENTRY = 2 * Long.BYTES;

  private TimesFile() {}

  /** Adds a time unless it does not lie behind the last one. */
  static void add(Path file, LogTime time) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      long count = channel.size() / ENTRY;
      if (count > 0 && offset(channel, count - 1) >= time.offset()) {
        return;
      }
      ByteBuffer entry = ByteBuffer.allocate(ENTRY);
      entry.putLong(time.offset()).putLong(time.at().toEpochMilli()).flip();
      long at = count * ENTRY;
      while (entry.hasRemaining()) {
        at += channel.write(entry, at);
      }
    }
  }

  /** The times from the one that holds for byte {@code from} on. */
  static List<LogTime> read(Path file, long from, int limit) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long count = channel.size() / ENTRY;
      long first = Math.max(0, countUpTo(channel, count, from) - 1);
      ByteBuffer entries = entries(channel, first, (int) Math.min(limit, count - first));
      List<LogTime> found = new ArrayList<>();
      while (entries.hasRemaining()) {
        found.add(new LogTime(entries.getLong(), Instant.ofEpochMilli(entries.getLong())));
      }
      return found;
    }
  }

  /** How many of the times have no offset beyond {@code wanted}. */
  private static long countUpTo(FileChannel channel, long count, long wanted) throws IOException {
    long low = 0;
    long high = count;
    while (low < high) {
      long middle = (low + high) / 2;
      if (offset(channel, middle) <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long offset(FileChannel channel, long index) throws IOException {
    return entries(channel, index, 1).getLong();
  }

  private static ByteBuffer entries(FileChannel channel, long index, int count) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(count * ENTRY);
    while (found.hasRemaining()) {
      if (channel.read(found, index * ENTRY + found.position()) < 0) {
        throw new EOFException("The file became shorter.");
      }
    }
    return found.flip();
  }
}
