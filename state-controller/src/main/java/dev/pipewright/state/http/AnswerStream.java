package dev.pipewright.state.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Gathers what is written into pieces of a fair size, and hands those on. Used by one thread. */
final class AnswerStream extends OutputStream {

  /** Where the pieces go; returns once one is written. */
  interface Pieces {
    void write(byte[] piece) throws IOException;
  }

  private final Pieces pieces;
  private final byte[] gathered;
  private int count;

  AnswerStream(int size, Pieces pieces) {
    this.gathered = new byte[size];
    this.pieces = pieces;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int fitting = Math.min(length - done, gathered.length - count);
      System.arraycopy(bytes, offset + done, gathered, count, fitting);
      count += fitting;
      done += fitting;
      if (count == gathered.length) {
        flush();
      }
    }
  }

  @Override
  public void flush() throws IOException {
    if (count > 0) {
      byte[] piece = Arrays.copyOf(gathered, count);
      count = 0;
      pieces.write(piece);
    }
  }
}
