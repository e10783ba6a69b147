package dev.pipewright.state.http;

import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.io.InputStream;

/** A part of a log, read piece by piece. */
final class LogStream extends InputStream {
  private static final int PIECE = 256 * 1024;

  private final LogStore logs;
  private final LogKey log;
  private final long until;
  private long at;
  private byte[] piece = new byte[0];
  private int used;

  LogStream(LogStore logs, LogKey log, long from, long until) {
    this.logs = logs;
    this.log = log;
    this.at = from;
    this.until = until;
  }

  private boolean isFilled() {
    if (used == piece.length && at < until) {
      piece = logs.read(log, at, (int) Math.min(PIECE, until - at));
      used = 0;
      at += piece.length;
    }
    return used < piece.length;
  }

  @Override
  public int read() {
    if (!isFilled()) {
      return -1;
    }
    int found = piece[used] & 0xff;
    used++;
    return found;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!isFilled()) {
      return -1;
    }
    int count = Math.min(length, piece.length - used);
    System.arraycopy(piece, used, into, offset, count);
    used += count;
    return count;
  }
}
