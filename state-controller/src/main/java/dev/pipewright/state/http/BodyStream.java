package dev.pipewright.state.http;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a request as a stream, for a thread that may block. It asks for a few pieces at a
 * time, so it rarely waits, and a slow reader slows the sender instead of filling memory. Made on
 * the event loop while the request is paused; read by one thread.
 */
final class BodyStream extends InputStream {
  private static final long PATIENCE_SECONDS = 60;
  private static final int PIECES = 8;

  private sealed interface Part {}

  private record Bytes(byte[] bytes) implements Part {}

  private record End() implements Part {}

  private record Broken() implements Part {}

  private final HttpServerRequest request;
  private final long limit;
  private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(64);
  private byte[] piece = new byte[0];
  private int used;
  private long total;
  private int asked;
  private boolean ended;

  BodyStream(HttpServerRequest request, long limit) {
    this.request = request;
    this.limit = limit;
    request.handler((Buffer buffer) -> add(new Bytes(buffer.getBytes())));
    request.endHandler(any -> add(new End()));
    request.exceptionHandler(any -> add(new Broken()));
  }

  private void add(Part part) {
    boolean unused = parts.offer(part);
  }

  private boolean isFilled() throws IOException {
    while (used == piece.length && !ended) {
      if (asked == 0) {
        // A request that has ended must not be asked for more, and this one cannot have ended yet.
        request.fetch(PIECES);
        asked = PIECES;
      }
      switch (next()) {
        case Bytes(byte[] bytes) -> {
          asked--;
          piece = bytes;
          used = 0;
          total += bytes.length;
          if (total > limit) {
            throw new ApiException(
                Problem.Code.TOO_LARGE, "A body here has at most %,d bytes.".formatted(limit));
          }
        }
        case End() -> ended = true;
        case Broken() -> throw new IOException("The sender went away.");
      }
    }
    return used < piece.length;
  }

  private Part next() throws IOException {
    try {
      Part found = parts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (found == null) {
        throw new IOException("The sender sent nothing for " + PATIENCE_SECONDS + " seconds.");
      }
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Interrupted.").initCause(e);
    }
  }

  @Override
  public int read() throws IOException {
    if (!isFilled()) {
      return -1;
    }
    int found = piece[used] & 0xff;
    used++;
    return found;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
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
