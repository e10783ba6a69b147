package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a router answers where no route does, or one breaks off: a problem, as everywhere. */
public final class Errors {
  private Errors() {}

  /** Makes {@code router} answer so. May be repeated. */
  public static void on(Router router) {
    router.errorHandler(
        400,
        ctx ->
            answer(
                ctx,
                Problem.of(
                    Problem.Code.MALFORMED,
                    "The request is not well formed.",
                    "Encode what is in the address.")));
    router.errorHandler(404, Errors::notFound);
    router.errorHandler(405, ctx -> refuse(ctx, allowed(ctx, router)));
    router.errorHandler(
        413, ctx -> answer(ctx, Problem.of(Problem.Code.TOO_LARGE, "This is too large.", null)));
    router.errorHandler(500, Errors::broken);
  }

  /** At once, as a router ends what its error handler has left open. */
  private static void answer(RoutingContext ctx, Problem problem) {
    Answers.whole(ctx, Problems.reply(problem));
  }

  static void notFound(RoutingContext ctx) {
    answer(
        ctx,
        Problem.of(
            Problem.Code.NOT_FOUND,
            "There is nothing at this address.",
            "The routes are in docs/protocol.md."));
  }

  /** The address takes other methods only. */
  static void refuse(RoutingContext ctx, String allowed) {
    ctx.response().putHeader("Allow", allowed);
    answer(
        ctx, new Problem(405, "method-not-allowed", "This address takes " + allowed + ".", null));
  }

  /**
   * Answers 503 without a router, at once.
   *
   * @param why what is the matter, in one sentence
   * @param seconds when to come again
   */
  public static void unavailable(HttpServerRequest request, String why, int seconds) {
    Problem problem =
        Problem.of(Problem.Code.UNAVAILABLE, why, "Try again in %d seconds.".formatted(seconds));
    Future<Void> unused =
        request
            .response()
            .setStatusCode(problem.status())
            .putHeader("Content-Type", Problems.MEDIA)
            .putHeader("Cache-Control", "no-store")
            .putHeader("Retry-After", Integer.toString(seconds))
            .end(Buffer.buffer(Json.bytes(problem)));
  }

  private static void broken(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    answer(
        ctx,
        Problems.of(
            failure == null ? new IllegalStateException("No cause was given.") : failure,
            Mount.path(ctx.request())));
  }

  private static String allowed(RoutingContext ctx, Router router) {
    return router.getRoutes().stream()
        .filter(route -> route.methods() != null && leadsTo(route, ctx.normalizedPath()))
        .flatMap(route -> Objects.requireNonNull(route.methods()).stream())
        .map(HttpMethod::name)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(", "));
  }

  private static boolean leadsTo(Route route, @Nullable String path) {
    String pattern = route.getPath();
    if (pattern == null || path == null) {
      return pattern == null;
    }
    String parts =
        Arrays.stream(pattern.split("/", -1))
            .map(part -> part.startsWith(":") ? "[^/]+" : Pattern.quote(part))
            .collect(Collectors.joining("/"));
    return Pattern.matches(route.isExactPath() ? parts : parts + ".*", path);
  }
}
