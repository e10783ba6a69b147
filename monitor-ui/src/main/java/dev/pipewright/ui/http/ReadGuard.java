package dev.pipewright.ui.http;

import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those to an address whom a State-Controller in another process lets read. It is asked
 * with what the caller brought, and its answer is kept for a few seconds. Thread-safe.
 */
public final class ReadGuard {
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MOST = 1000;
  private static final String RETRY_AFTER_SECONDS = "5";

  private final Vertx vertx;
  private final URI probe;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final Map<Shown, Known> known = new LinkedHashMap<>();

  /** What a caller brings; never written anywhere. */
  private record Shown(@Nullable String authorization, @Nullable String session) {
    @Override
    public String toString() {
      return "Shown[]";
    }
  }

  private record Known(int status, Instant at) {}

  private ReadGuard(Vertx vertx, URI state, InstantSource clock) {
    this.vertx = vertx;
    this.probe = URI.create(state + Routes.RUNS + "?limit=1");
    this.clock = clock;
  }

  /**
   * Guards these paths. To be called before they are mounted.
   *
   * @param state where the State-Controller is, without a slash at the end
   * @return ends the asking
   */
  public static AutoCloseable mount(Vertx vertx, Router router, URI state, String... paths) {
    ReadGuard guard = new ReadGuard(vertx, state, InstantSource.system());
    for (String path : paths) {
      router.route(path).handler(guard::enter);
    }
    return guard.http::shutdownNow;
  }

  private void enter(RoutingContext context) {
    Shown shown = shown(context.request());
    vertx
        .executeBlocking(() -> status(shown), false)
        .onComplete(
            asked -> {
              int status = asked.succeeded() ? asked.result() : 503;
              if (status == 200) {
                context.next();
              } else {
                refuse(context, status);
              }
            });
  }

  private static Shown shown(HttpServerRequest request) {
    Cookie cookie = request.getCookie(Routes.SESSION_COOKIE);
    String session = cookie == null ? null : cookie.getValue();
    String parameter = request.getParam("access_token");
    String header = request.getHeader("Authorization");
    return new Shown(
        header == null && parameter != null && isWord(parameter) ? "Bearer " + parameter : header,
        session != null && isWord(session) ? session : null);
  }

  /** Nothing else goes into a header. */
  private static boolean isWord(String text) {
    return text.matches("[\\x21-\\x7e&&[^;,\"\\\\]]{1,500}");
  }

  private int status(Shown shown) throws IOException, InterruptedException {
    Known kept = kept(shown);
    if (kept != null) {
      return kept.status();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(probe).timeout(LIMIT).header(Routes.PAGE_HEADER, "1");
    if (shown.authorization() != null) {
      request.header("Authorization", shown.authorization());
    }
    if (shown.session() != null) {
      request.header("Cookie", Routes.SESSION_COOKIE + "=" + shown.session());
    }
    int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
    keep(shown, status);
    return status;
  }

  private synchronized @Nullable Known kept(Shown shown) {
    Known kept = known.get(shown);
    return kept != null && clock.instant().isBefore(kept.at().plus(FRESH)) ? kept : null;
  }

  private synchronized void keep(Shown shown, int status) {
    Known unused = known.remove(shown);
    if (known.size() >= MOST) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(shown, new Known(status, clock.instant()));
  }

  private static void refuse(RoutingContext context, int status) {
    Problem problem =
        status == 401 || status == 403
            ? Problem.of(
                status == 401 ? Problem.Code.UNAUTHORIZED : Problem.Code.FORBIDDEN,
                "Reading needs somebody who is signed in.",
                "Sign in, or send the header Authorization: Bearer TOKEN.")
            : Problem.of(
                Problem.Code.UNAVAILABLE,
                "The server that knows who may read does not answer.",
                "Try again in a few seconds.");
    HttpServerResponse response = context.response();
    if (problem.status() == 503) {
      response.putHeader("Retry-After", RETRY_AFTER_SECONDS);
    } else if (problem.status() == 401 && context.request().getHeader(Routes.PAGE_HEADER) == null) {
      // A page of ours asks for a token itself, and better than a browser that is challenged.
      response.putHeader("WWW-Authenticate", "Basic realm=\"Pipewright\", charset=\"UTF-8\"");
    }
    response
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(Buffer.buffer(Json.bytes(problem)));
  }
}
