package dev.pipewright.builder.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of an answer as a blocking stream: a writer is as fast as its reader. Closing ends the
 * answer. Confined.
 */
final class ResponseStream extends OutputStream {
  private static final int CHUNK = 32 * 1024;
  private static final long PATIENCE_SECONDS = 60;

  private final HttpServerResponse response;
  private Buffer pending = Buffer.buffer();

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    pending.appendBytes(bytes, offset, length);
    if (pending.length() >= CHUNK) {
      send();
    }
  }

  @Override
  public void flush() throws IOException {
    if (pending.length() > 0) {
      send();
    }
  }

  private void send() throws IOException {
    Buffer full = pending;
    pending = Buffer.buffer();
    await(response.write(full));
  }

  @Override
  public void close() throws IOException {
    if (!response.ended()) {
      flush();
      await(response.end());
    }
  }

  private static void await(Future<Void> written) throws IOException {
    try {
      var _ =
          written.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("The client went away.", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("The client reads too slowly.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The answer was broken off.");
    }
  }
}
