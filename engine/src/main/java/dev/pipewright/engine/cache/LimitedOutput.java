package dev.pipewright.engine.cache;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Refuses to grow beyond a limit. Confined to its writer. */
final class LimitedOutput extends FilterOutputStream {
  private final long limit;
  private final String problem;
  private long written;

  LimitedOutput(OutputStream out, long limit, String problem) {
    super(out);
    this.limit = limit;
    this.problem = problem;
  }

  @Override
  public void write(int next) throws IOException {
    count(1);
    out.write(next);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    count(length);
    out.write(bytes, offset, length);
  }

  private void count(int more) throws IOException {
    written += more;
    if (written > limit) {
      throw new CacheException(problem);
    }
  }
}
