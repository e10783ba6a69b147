package dev.pipewright.engine.tests;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Replaces control characters, which XML does not allow but which the output of tests is full of
 * (colours of a terminal, mostly), by question marks. Leaves UTF-16 alone. Confined to its reader.
 */
final class PlainText extends FilterInputStream {
  private final boolean bytewise;

  PlainText(InputStream in) throws IOException {
    super(new BufferedInputStream(in, 64 * 1024));
    this.in.mark(4);
    byte[] beginning = this.in.readNBytes(4);
    this.in.reset();
    boolean wide = false;
    for (byte each : beginning) {
      wide |= each == 0 || each == (byte) 0xfe || each == (byte) 0xff;
    }
    this.bytewise = !wide;
  }

  @Override
  public int read() throws IOException {
    int next = in.read();
    return next < 0 ? next : plain((byte) next) & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = in.read(into, offset, length);
    for (int i = offset; i < offset + read; i++) {
      into[i] = plain(into[i]);
    }
    return read;
  }

  private byte plain(byte next) {
    boolean control = next >= 0 && next < 0x20 && next != '\n' && next != '\r' && next != '\t';
    return bytewise && control ? (byte) '?' : next;
  }
}
