package dev.pipewright.spawner.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads the raw bytes of one request up to a limit, whatever length it announces, and within a
 * time. Confined to the request's event loop.
 */
final class BodyReader {
  private static final int LIMIT = 25 * 1024 * 1024;
  private static final long PATIENCE_MILLIS = 60_000;

  private final Buffer body = Buffer.buffer();
  private boolean over;

  private BodyReader() {}

  /** What became of the body. */
  enum Result {
    COMPLETE,
    TOO_LARGE,
    TOO_SLOW
  }

  /** Takes the result once, and the bytes if they are complete. */
  interface Receiver {
    void accept(Result result, byte[] body);
  }

  static void read(Vertx vertx, HttpServerRequest request, Receiver receiver) {
    BodyReader reader = new BodyReader();
    Consumer<Result> end = result -> reader.end(result, receiver);
    if (announced(request) > LIMIT) {
      request.handler(_ -> {});
      end.accept(Result.TOO_LARGE);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    long timer = vertx.setTimer(PATIENCE_MILLIS, _ -> end.accept(Result.TOO_SLOW));
    request.handler(
        chunk -> {
          if (reader.over) {
            return;
          }
          if (reader.body.length() + chunk.length() > LIMIT) {
            vertx.cancelTimer(timer);
            end.accept(Result.TOO_LARGE);
          } else {
            reader.body.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        _ -> {
          reader.over = true;
          vertx.cancelTimer(timer);
        });
    request.endHandler(
        _ -> {
          vertx.cancelTimer(timer);
          end.accept(Result.COMPLETE);
        });
  }

  private void end(Result result, Receiver receiver) {
    if (over) {
      return;
    }
    over = true;
    receiver.accept(result, result == Result.COMPLETE ? body.getBytes() : new byte[0]);
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
