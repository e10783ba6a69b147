package dev.pipewright.spawner.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads the raw bytes of one request up to a limit, whatever length it announces, and within a
 * time. Small bodies always find room; large ones share what there is. Confined to the request's
 * event loop.
 */
final class BodyReader {
  private static final int LIMIT = 25 * 1024 * 1024;
  private static final int SMALL = 64 * 1024;
  private static final long PATIENCE_MILLIS = 60_000;

  private final Room room;
  private Buffer body = Buffer.buffer();
  private long taken;
  private boolean over;

  private BodyReader(Room room) {
    this.room = room;
  }

  /** What became of the body. */
  enum Result {
    COMPLETE,
    TOO_LARGE,
    TOO_SLOW,
    NO_ROOM
  }

  /**
   * Takes the result once, and the bytes if they are complete. Whoever got complete bytes runs
   * {@code release} when they are not needed any more.
   */
  interface Receiver {
    void accept(Result result, byte[] body, Runnable release);
  }

  static void read(Vertx vertx, HttpServerRequest request, Room room, Receiver receiver) {
    BodyReader reader = new BodyReader(room);
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
          } else if (!reader.fits(chunk.length())) {
            vertx.cancelTimer(timer);
            end.accept(Result.NO_ROOM);
          } else {
            reader.body.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        _ -> {
          vertx.cancelTimer(timer);
          reader.end(Result.TOO_SLOW, (_, _, release) -> release.run());
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
    byte[] bytes = result == Result.COMPLETE ? body.getBytes() : new byte[0];
    body = Buffer.buffer();
    if (result != Result.COMPLETE) {
      room.giveBack(taken);
      taken = 0;
    }
    long held = taken;
    receiver.accept(result, bytes, () -> room.giveBack(held));
  }

  /** Takes room for what comes beyond a small body. */
  private boolean fits(int more) {
    long needed = Math.max(0, body.length() + more - SMALL) - taken;
    if (needed > 0 && !room.take(needed)) {
      return false;
    }
    taken += Math.max(0, needed);
    return true;
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
