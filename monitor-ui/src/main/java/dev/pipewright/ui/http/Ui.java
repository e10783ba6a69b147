package dev.pipewright.ui.http;

import dev.pipewright.protocol.json.Json;
import dev.pipewright.ui.feed.FeedReadings;
import dev.pipewright.ui.wall.WallFile;
import dev.pipewright.ui.wall.WallPlan;
import dev.pipewright.ui.wall.WallSettings;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The browser side of Pipewright on a router: the console at its addresses, the wall, their files
 * under {@code /assets/}, the settings of a wall at {@code /wall.json} and what the feeds of other
 * servers say at {@code /wall/feeds.json}, both with {@code ?view=NAME} for a view. Everything is
 * served from memory except the settings, whose file is looked at on every request.
 */
public final class Ui {
  /** What a page may do: load and call its own server, nothing else. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
          + "frame-ancestors 'none'";

  private static final String ASSETS = "/assets/";
  private static final String REVALIDATE = "no-cache";
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final List<String> CONSOLE_PATHS =
      List.of(
          "/",
          "/runs",
          "/runs/*",
          "/pipelines/*",
          "/sources",
          "/secrets",
          "/messages",
          "/tokens",
          "/audit",
          "/deliveries",
          "/locks");

  private final Vertx vertx;
  private final Assets assets;
  private final WallFile wallFile;
  private final FeedReadings readings = new FeedReadings(InstantSource.system());

  private Ui(Vertx vertx, Assets assets, WallFile wallFile) {
    this.vertx = vertx;
    this.assets = assets;
    this.wallFile = wallFile;
  }

  /**
   * Mounts everything.
   *
   * @param wallFile the settings of the wall; need not exist, and is read again when it changes
   * @return ends the reading of other servers' feeds
   */
  public static AutoCloseable mount(Vertx vertx, Router router, Path wallFile) {
    Ui ui = new Ui(vertx, Assets.load(), new WallFile(wallFile));
    ui.mount(router);
    return ui.readings;
  }

  private void mount(Router router) {
    for (String path : CONSOLE_PATHS) {
      reads(router, path, context -> send(context, assets.console(), REVALIDATE));
    }
    reads(router, "/wall.json", this::wallSettings);
    reads(router, "/wall/feeds.json", this::wallFeeds);
    for (String path : List.of("/wall", "/wall/:view")) {
      reads(router, path, context -> send(context, assets.wall(), REVALIDATE));
    }
    reads(router, ASSETS + "*", this::file);
    router.route().last().method(HttpMethod.GET).handler(this::unknown);
  }

  /** An address nobody else answers: people get the console's page for that, programs nothing. */
  private void unknown(RoutingContext context) {
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accepted != null && accepted.contains("text/html")) {
      context.response().setStatusCode(404);
      send(context, assets.console(), REVALIDATE);
    } else {
      context.next();
    }
  }

  private static void reads(Router router, String path, Handler<RoutingContext> handler) {
    router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
  }

  private void file(RoutingContext context) {
    String name = context.normalizedPath().substring(ASSETS.length());
    String current = assets.version() + "/";
    boolean versioned = name.startsWith(current);
    Asset asset = assets.file(versioned ? name.substring(current.length()) : name);
    if (asset == null) {
      HttpServerResponse response = secured(context).setStatusCode(404);
      response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.end("There is no such file. Reload the page: it may be of an older version.\n");
      return;
    }
    send(context, asset, versioned ? FOR_EVER : REVALIDATE);
  }

  /** What a wall is told of its settings. */
  private record Told(WallSettings settings, @Nullable String problem) {}

  private void wallSettings(RoutingContext context) {
    answer(
        context,
        current -> {
          String view = view(context);
          Optional<WallSettings> found = current.plan().view(view);
          String missing = found.isPresent() ? null : "There is no view of this name in wall.json.";
          return new Told(
              found.orElse(current.plan().main()),
              current.problem() == null ? missing : current.problem());
        });
  }

  private void wallFeeds(RoutingContext context) {
    answer(
        context,
        current -> {
          WallPlan plan = current.plan();
          WallSettings settings = plan.view(view(context)).orElse(plan.main());
          return readings.states(plan.feedsOf(settings));
        });
  }

  private static @Nullable String view(RoutingContext context) {
    return context.request().getParam("view");
  }

  private void answer(RoutingContext context, Function<WallFile.Current, Object> told) {
    vertx
        .executeBlocking(() -> Json.bytes(told.apply(wallFile.current())))
        .onSuccess(bytes -> sendFresh(context, bytes))
        .onFailure(context::fail);
  }

  private static void sendFresh(RoutingContext context, byte[] json) {
    HttpServerResponse response = secured(context);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    end(context, Buffer.buffer(json));
  }

  private static void send(RoutingContext context, Asset asset, String caching) {
    HttpServerResponse response = secured(context);
    response.putHeader(HttpHeaders.ETAG, asset.tag());
    response.putHeader(HttpHeaders.CACHE_CONTROL, caching);
    String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && asset.isNamedBy(known)) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, asset.mediaType());
    end(context, asset.content());
  }

  private static void end(RoutingContext context, Buffer body) {
    HttpServerResponse response = context.response();
    if (HttpMethod.HEAD.equals(context.request().method())) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private static HttpServerResponse secured(RoutingContext context) {
    return context
        .response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  }
}
