package dev.pipewright.ui.http;

import dev.pipewright.protocol.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The live stream of a {@link CannedServer}, with a beat every second. Thread-safe. */
final class CannedStream {
  private final Set<HttpServerResponse> listeners = ConcurrentHashMap.newKeySet();
  private final InstantSource time;
  private volatile boolean beating = true;

  CannedStream(Vertx vertx, InstantSource time) {
    this.time = time;
    vertx.setPeriodic(1000, _ -> beat());
  }

  /** Stops or resumes the beats; while they are stopped nothing else is told either. */
  void beats(boolean on) {
    beating = on;
  }

  /** Sends an event to all who listen. */
  void tell(String event, Object data) {
    if (beating) {
      String text = "event: " + event + "\ndata: " + Json.text(data) + "\n\n";
      listeners.forEach(listener -> listener.write(text));
    }
  }

  private void beat() {
    tell("beat", Map.of("at", time.instant()));
  }

  void open(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.setChunked(true).putHeader("Content-Type", "text/event-stream");
    response.putHeader("Cache-Control", "no-store");
    listeners.add(response);
    response.closeHandler(_ -> listeners.remove(response));
    response.write(": hello\n\n");
    beat();
  }
}
