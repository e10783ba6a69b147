package dev.pipewright.engine.log;

import java.nio.charset.StandardCharsets;

/**
 * The output of one step, byte for byte, cut with a marked line once it is too long. Everything a
 * step prints passes through here before it is kept or shown, so this is also the place where
 * secrets will be masked. Thread-safe: a write is never torn apart by another one.
 */
public final class StepLog implements ByteSink {
  /** How many bytes of one step are kept. */
  public static final long LIMIT = 64L * 1024 * 1024;

  private static final byte[] CUT = "\n[output cut at 64 MiB]\n".getBytes(StandardCharsets.UTF_8);

  private final ByteSink kept;
  private long written;
  private boolean cut;
  private boolean midLine;

  public StepLog(ByteSink kept) {
    this.kept = kept;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    if (cut || length == 0) {
      return;
    }
    int fitting = (int) Math.min(length, LIMIT - written);
    kept.write(bytes, offset, fitting);
    written += fitting;
    midLine = bytes[offset + Math.max(0, fitting - 1)] != '\n';
    if (fitting < length) {
      cut = true;
      kept.write(CUT, 0, CUT.length);
    }
  }

  /** Writes one line of text, on a line of its own. */
  public synchronized void line(String text) {
    byte[] bytes = ((midLine ? "\n" : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
    write(bytes, 0, bytes.length);
  }
}
