package dev.pipewright.spawner.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.Spawner;
import dev.pipewright.spawner.hook.HookHeaders;
import dev.pipewright.spawner.inbox.HookAnswer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Spawner's routes: deliveries come in, hook scripts go out. Mount them before anything that
 * reads bodies, as a delivery is judged over its raw bytes.
 */
public final class SpawnerRoutes {
  private static final String PROBLEM = "application/problem+json";
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;
  private static final long HANG_UP_MILLIS = 5_000;
  private static final long LARGE_BODIES = 32L * 1024 * 1024;

  private final Room room = new Room(LARGE_BODIES);
  private final Vertx vertx;
  private final Spawner spawner;

  private SpawnerRoutes(Vertx vertx, Spawner spawner) {
    this.vertx = vertx;
    this.spawner = spawner;
  }

  /** Adds the routes below {@code /hooks} to {@code router}. */
  public static void mount(Vertx vertx, Router router, Spawner spawner) {
    SpawnerRoutes routes = new SpawnerRoutes(vertx, spawner);
    router.post(Routes.HOOKS + "/:source").handler(routes::receive);
    router.get(Routes.HOOKS + "/:source/post-receive").handler(routes::script);
    router.route(Routes.HOOKS + "/:source").handler(SpawnerRoutes::onlyPost);
  }

  private void receive(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String source = source(routing);
    HookHeaders headers = headers(request);
    BodyReader.read(
        vertx,
        request,
        room,
        (result, body, release) -> {
          switch (result) {
            case COMPLETE -> judge(routing, source, new Delivered(headers, body, release));
            case NO_ROOM ->
                closing(
                    routing,
                    Problem.of(
                        Problem.Code.UNAVAILABLE,
                        "Too many large bodies come at once.",
                        "Deliver it again in a moment."));
            case TOO_LARGE ->
                closing(
                    routing,
                    Problem.of(
                        Problem.Code.TOO_LARGE,
                        "The body is larger than 25 MiB.",
                        "Send fewer refs or commits at once."));
            case TOO_SLOW ->
                closing(
                    routing,
                    Problem.of(
                        Problem.Code.MALFORMED, "The body did not arrive within a minute.", null));
          }
        });
  }

  private static String source(RoutingContext routing) {
    String source = routing.pathParam("source");
    return source == null ? "" : source;
  }

  private record Delivered(HookHeaders headers, byte[] body, Runnable release) {}

  /** Judges on a thread that may wait for the store, answers on the event loop. */
  private void judge(RoutingContext routing, String source, Delivered delivered) {
    Context loop = vertx.getOrCreateContext();
    Thread.ofVirtual()
        .name("hook-" + source)
        .start(
            () -> {
              HookAnswer answer = receive(source, delivered);
              loop.runOnContext(_ -> answer(routing.response(), answer));
            });
  }

  private HookAnswer receive(String source, Delivered delivered) {
    try {
      return spawner.reception().receive(source, delivered.headers(), delivered.body());
    } finally {
      delivered.release().run();
    }
  }

  private void script(RoutingContext routing) {
    SourceName source;
    try {
      source = new SourceName(source(routing));
    } catch (ProtocolException e) {
      answer(
          routing.response(),
          new HookAnswer.Refused(
              Problem.of(Problem.Code.NOT_FOUND, "There is no such source.", e.getMessage())));
      return;
    }
    routing
        .response()
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(PostReceiveScript.of(spawner.config().publicUrl(), source));
  }

  private static void onlyPost(RoutingContext routing) {
    routing.response().putHeader("Allow", "POST");
    answer(
        routing.response(),
        new HookAnswer.Refused(
            new Problem(
                METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "Deliveries are sent with POST.",
                "The hook script for plain git is at this path with /post-receive.")));
  }

  /** Answers before the body was read; throws away what still comes, and hangs up after a while. */
  private void closing(RoutingContext routing, Problem problem) {
    routing.response().putHeader("Connection", "close");
    answer(routing.response(), new HookAnswer.Refused(problem));
    vertx.setTimer(HANG_UP_MILLIS, _ -> routing.request().connection().close());
  }

  private static void answer(HttpServerResponse response, HookAnswer answer) {
    if (response.ended() || response.closed()) {
      return;
    }
    String type =
        switch (answer) {
          case HookAnswer.Stored _ -> "application/json";
          case HookAnswer.Refused _ -> PROBLEM;
        };
    if (answer.status() == UNAVAILABLE) {
      response.putHeader("Retry-After", "5");
    }
    response
        .setStatusCode(answer.status())
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(Json.bytes(answer.body())));
  }

  private static HookHeaders headers(HttpServerRequest request) {
    String token = request.params().get("token");
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    request.headers().forEach(entry -> entries.add(Map.entry(entry.getKey(), entry.getValue())));
    return HookHeaders.of(entries).withToken(token);
  }
}
