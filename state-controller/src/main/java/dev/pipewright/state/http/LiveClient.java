package dev.pipewright.state.http;

import dev.pipewright.protocol.RunId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One listener of the live stream. It is sent as much as it takes; what it does not take stays
 * where all events are, so a slow one costs no more memory than a quick one. One that takes nothing
 * at all for a while is let go. All but {@link #wake} and {@link #end} is on its event loop.
 */
final class LiveClient {
  private static final int MOST_STUCK_BEATS = 3;

  private final HttpServerResponse response;
  private final Context context;
  private final @Nullable RunId only;
  private final RecentEvents events;
  private final BooleanSupplier welcome;
  private final AtomicBoolean woken = new AtomicBoolean();
  private long heard;
  private long heardAtBeat;
  private int stuckBeats;

  /**
   * @param heard the last event it knows of
   * @param welcome whether it may go on to listen
   */
  LiveClient(
      HttpServerResponse response,
      Context context,
      @Nullable RunId only,
      RecentEvents events,
      long heard,
      BooleanSupplier welcome) {
    this.response = response;
    this.context = context;
    this.only = only;
    this.events = events;
    this.heard = heard;
    this.welcome = welcome;
  }

  /** There may be something to send; from any thread. */
  void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(any -> send());
    }
  }

  /** The server ends; from any thread. */
  void end() {
    context.runOnContext(
        any -> {
          Future<Void> unused = response.end();
        });
  }

  /** Sends what there is, as far as it is taken. */
  void send() {
    woken.set(false);
    while (isOpen() && !response.writeQueueFull()) {
      Optional<RecentEvents.Piece> next = events.after(heard, only);
      if (next.isEmpty()) {
        reset();
      } else if (next.get().upTo() == heard) {
        return;
      } else {
        heard = next.get().upTo();
        write(next.get().frames());
      }
    }
  }

  /** Tells it to read everything anew, because it has missed what nobody remembers. */
  void reset() {
    heard = events.last();
    tell("reset", "{}");
  }

  /**
   * Tells it that the server lives, unless it is busy; lets go of it if it takes nothing, or may
   * not listen any more.
   */
  void beat(String json) {
    if (!isOpen()) {
      return;
    }
    if (!welcome.getAsBoolean()) {
      Future<Void> unused = response.end();
      return;
    }
    if (!response.writeQueueFull()) {
      stuckBeats = 0;
      tell("beat", json);
    } else {
      stuckBeats = heard == heardAtBeat ? stuckBeats + 1 : 1;
      if (stuckBeats >= MOST_STUCK_BEATS) {
        Future<Void> unused = response.reset().mapEmpty();
      }
    }
    heardAtBeat = heard;
  }

  private boolean isOpen() {
    return !response.closed() && !response.ended();
  }

  private void tell(String event, String json) {
    write(
        Buffer.buffer("id: %s\nevent: %s\ndata: %s\n\n".formatted(events.id(heard), event, json)));
  }

  private void write(Buffer frames) {
    if (frames.length() > 0) {
      Future<Void> unused = response.write(frames);
    }
  }

  /** The run it listens to alone; null for everything. */
  @Nullable RunId only() {
    return only;
  }

  Context context() {
    return context;
  }
}
