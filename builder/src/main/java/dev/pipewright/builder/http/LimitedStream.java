package dev.pipewright.builder.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that may not give more than so many bytes: small bodies can inflate to huge ones. */
final class LimitedStream extends FilterInputStream {
  private long left;

  LimitedStream(InputStream in, long limit) {
    super(in);
    this.left = limit;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      spend(1);
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    if (read > 0) {
      spend(read);
    }
    return read;
  }

  private void spend(int count) throws IOException {
    left -= count;
    if (left < 0) {
      throw new IOException("The request is too large.");
    }
  }
}
