package dev.pipewright.state.http;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.feed.Feeds;
import dev.pipewright.state.feed.Feeds.Ready;
import dev.pipewright.state.feed.Feeds.Selection;
import dev.pipewright.state.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The feeds. They come from memory, so they are answered on the event loop at once. */
final class FeedRoutes {
  private static final int LONGEST_NAME = 200;
  private static final String ASKED_WITH = "Authorization, Cache-Control, If-None-Match, Pragma";

  private final Feeds feeds;
  private final Door door;
  private final Meters meters;
  private final CorsOrigins origins;
  private final String caching;
  private final String vary;

  /** {@code origins} are the pages of other sites that may read the feeds. */
  FeedRoutes(Feeds feeds, Door door, Meters meters, CorsOrigins origins) {
    this.feeds = feeds;
    this.door = door;
    this.meters = meters;
    this.origins = origins;
    this.caching = (door.isClosed() ? "private, " : "") + "max-age=2";
    this.vary =
        Stream.of(door.isClosed() ? "Authorization, Cookie" : "", origins.varies() ? "Origin" : "")
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining(", "));
  }

  void mount(Router router) {
    for (String path : new String[] {"/cctray.xml", "/cc.xml", "/cctray/:file"}) {
      router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
      router.options(path).handler(this::preflight);
    }
  }

  /** A browser asks this before a page of another site sends a token, and sends none itself. */
  private void preflight(RoutingContext ctx) {
    HttpServerResponse response = ctx.response().setStatusCode(204);
    origins.tell(ctx.request());
    if (response.headers().contains("Access-Control-Allow-Origin")) {
      response.putHeader("Access-Control-Allow-Methods", "GET, HEAD");
      response.putHeader("Access-Control-Allow-Headers", ASKED_WITH);
      response.putHeader("Access-Control-Max-Age", "600");
    }
    if (origins.varies()) {
      response.putHeader("Vary", "Origin");
    }
    Future<Void> unused = response.putHeader("Allow", "GET, HEAD, OPTIONS").end();
  }

  private void answer(RoutingContext ctx) {
    long begin = System.nanoTime();
    ctx.addEndHandler(
        any ->
            meters.fed(
                kind(ctx),
                ctx.response().getStatusCode(),
                Duration.ofNanos(System.nanoTime() - begin)));
    origins.tell(ctx.request());
    if (!vary.isEmpty()) {
      ctx.response().putHeader("Vary", vary);
    }
    try {
      door.enter(Need.FEED, Knock.of(ctx.request()), "");
      serve(ctx, ready(ctx));
    } catch (ApiException | ProtocolException e) {
      Answers.write(ctx, Problems.reply(Problems.of(e, Mount.path(ctx.request()))));
    }
  }

  private static String kind(RoutingContext ctx) {
    if (ctx.pathParam("file") != null) {
      return "one";
    }
    String query = ctx.request().query();
    return query == null || query.isEmpty() ? "all" : "selected";
  }

  private Ready ready(RoutingContext ctx) {
    String branch = ctx.request().getParam("branch");
    String group = ctx.request().getParam("group");
    String level = ctx.request().getParam("level");
    Selection selection = new Selection("stage".equals(level), named(branch), named(group));
    String file = ctx.pathParam("file");
    if (file == null) {
      return feeds.all(selection);
    }
    String name = file.endsWith(".xml") ? file.substring(0, file.length() - 4) : file;
    return feeds
        .one(new PipelineName(name), selection)
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.NOT_FOUND,
                    "There is no pipeline of this name.",
                    "All pipelines are in /cctray.xml."));
  }

  private static @Nullable String named(@Nullable String text) {
    if (text != null && text.length() > LONGEST_NAME) {
      throw new ProtocolException("A branch or group of a feed has at most 200 characters.");
    }
    return text == null || text.isEmpty() ? null : text;
  }

  private void serve(RoutingContext ctx, Ready ready) {
    HttpServerResponse response = ctx.response();
    response.putHeader("ETag", ready.etag());
    response.putHeader("Cache-Control", caching);
    response.putHeader("X-Content-Type-Options", "nosniff");
    String known = ctx.request().getHeader("If-None-Match");
    if (known != null && (known.equals("*") || known.contains(ready.etag()))) {
      response.setStatusCode(304);
      Future<Void> unused = response.end();
      return;
    }
    response.putHeader("Content-Type", "application/xml; charset=utf-8");
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(ready.bytes().length));
      Future<Void> unused = response.end();
    } else {
      Future<Void> unused = response.end(Buffer.buffer(ready.bytes()));
    }
  }
}
