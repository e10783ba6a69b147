package dev.pipewright.ui.http;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The live stream of a {@link CannedServer}, with a beat every second: runs with their steps for
 * who listens to one run alone, without for all others. Thread-safe.
 */
final class CannedStream {
  /** Who listens, and to which run alone, if to one. */
  private final Map<HttpServerResponse, Optional<RunId>> listeners = new ConcurrentHashMap<>();

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

  void tell(RunSnapshot run) {
    tell("run", run.summary(), Optional::isEmpty);
    tell("run", run.withSteps(run.steps(), null), only -> only.equals(Optional.of(run.id())));
  }

  void tell(PipelineView view) {
    tell("pipeline", view, only -> only.isEmpty() || only.get().pipeline().equals(view.name()));
  }

  void tell(RunId run, String path, long length) {
    Map<String, Object> news = Map.of("run", run, "path", path, "length", length);
    tell("log", news, only -> only.isEmpty() || only.get().equals(run));
  }

  /** Tells all that they have missed something nobody remembers. */
  void reset() {
    tell("reset", Map.of(), only -> true);
  }

  private void beat() {
    tell("beat", Map.of("at", time.instant()), only -> true);
  }

  private void tell(String event, Object data, Predicate<Optional<RunId>> hears) {
    if (beating) {
      String text = "event: " + event + "\ndata: " + Json.text(data) + "\n\n";
      listeners.forEach(
          (listener, only) -> {
            if (hears.test(only)) {
              listener.write(text);
            }
          });
    }
  }

  void open(RoutingContext context) {
    HttpServerResponse response = context.response();
    response.setChunked(true).putHeader("Content-Type", "text/event-stream");
    response.putHeader("Cache-Control", "no-store");
    String run = context.request().getParam("run");
    listeners.put(response, Optional.ofNullable(run).map(RunId::parse));
    response.closeHandler(_ -> listeners.remove(response));
    response.write(": hello\n\n");
    beat();
  }
}
