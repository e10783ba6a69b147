package dev.pipewright.engine.log;

import java.nio.charset.StandardCharsets;

/**
 * The output of one step: byte for byte but for secrets, and cut with a marked line once it is too
 * long. Everything a step prints passes through here before it is kept or shown. Thread-safe: a
 * write is never torn apart by another one.
 */
public final class StepLog implements ByteSink {
  /** How many bytes of one step are kept. */
  public static final long LIMIT = 64L * 1024 * 1024;

  private static final byte[] CUT = "\n[output cut at 64 MiB]\n".getBytes(StandardCharsets.UTF_8);

  private final ByteSink kept;
  private final Mask mask;
  private final MaskedSink direct;
  private long written;
  private boolean cut;
  private boolean midLine;

  /** A log in which nothing is masked. */
  public StepLog(ByteSink kept) {
    this(kept, new Mask(), 0);
  }

  /**
   * A log.
   *
   * @param already how much output of this step is kept from before
   */
  public StepLog(ByteSink kept, Mask mask, long already) {
    this.kept = kept;
    this.mask = mask;
    this.direct = new MaskedSink(mask, this::keep);
    this.written = already;
    this.cut = already >= LIMIT;
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    direct.write(bytes, offset, length);
  }

  /**
   * A stream of its own into this log, for output that is written in arbitrary pieces: a secret is
   * found even if it is cut by what another stream writes meanwhile.
   */
  public Channel channel() {
    return new Channel();
  }

  /** Writes one line of text, on a line of its own. */
  public synchronized void line(String text) {
    direct.flush();
    byte[] bytes = ((midLine ? "\n" : "") + text + "\n").getBytes(StandardCharsets.UTF_8);
    direct.write(bytes, 0, bytes.length);
    direct.flush();
  }

  /** True if a text shows a secret, which this log would hide. */
  public boolean hides(String text) {
    return mask.isShownBy(text);
  }

  /** Passes on what was held back because it might have been the beginning of a secret. */
  public synchronized void flush() {
    direct.flush();
  }

  private void keep(byte[] bytes, int offset, int length) {
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

  /** One of several streams that make up the log. Thread-safe. */
  public final class Channel implements ByteSink, AutoCloseable {
    private final MaskedSink masked = new MaskedSink(mask, StepLog.this::keep);
    private boolean closed;

    private Channel() {}

    @Override
    public void write(byte[] bytes, int offset, int length) {
      synchronized (StepLog.this) {
        masked.write(bytes, offset, length);
        if (closed) {
          masked.flush();
        }
      }
    }

    /** Passes on what was held back; what is written later is not held back. */
    @Override
    public void close() {
      synchronized (StepLog.this) {
        closed = true;
        masked.flush();
      }
    }
  }
}
