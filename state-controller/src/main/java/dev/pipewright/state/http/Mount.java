package dev.pipewright.state.http;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.TokenSelf;
import dev.pipewright.state.Audit;
import dev.pipewright.state.Presence;
import dev.pipewright.state.Tokens.Identity;
import dev.pipewright.state.metrics.Meters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts endpoints on a router: reads the request, opens the door, hands the work to a virtual
 * thread, writes the answer.
 */
final class Mount {
  private static final Logger log = LoggerFactory.getLogger(Mount.class);
  private static final byte[] NOTHING = {};
  private static final long LARGEST_BLOB = 512L * 1024 * 1024;

  private final Door door;
  private final Executor threads;
  private final Meters meters;
  private final Audit audit;

  Mount(Door door, Executor threads, Meters meters, Audit audit) {
    this.door = door;
    this.threads = threads;
    this.meters = meters;
    this.audit = audit;
  }

  void mount(Router router, List<Endpoint> endpoints) {
    Map<String, TreeSet<String>> methods = new TreeMap<>();
    for (Endpoint endpoint : endpoints) {
      route(router, endpoint);
      methods.computeIfAbsent(endpoint.path(), any -> new TreeSet<>()).add(endpoint.method());
    }
    methods.forEach(
        (path, allowed) ->
            router
                .route(Routes.API + path)
                .handler(ctx -> Errors.refuse(ctx, String.join(", ", allowed))));
    router.route(Routes.API + "/*").handler(Errors::notFound);
  }

  private void route(Router router, Endpoint endpoint) {
    Route route = router.route(HttpMethod.valueOf(endpoint.method()), Routes.API + endpoint.path());
    route.handler(ctx -> take(ctx, endpoint));
  }

  /** On the event loop: nothing here may block. */
  private void take(RoutingContext ctx, Endpoint endpoint) {
    HttpServerRequest request = ctx.request();
    long startedAt = System.nanoTime();
    Presence caller = new Presence();
    ctx.addEndHandler(
        any -> {
          caller.leave();
          meters.answered(
              endpoint.method(),
              ctx.response().getStatusCode(),
              Duration.ofNanos(System.nanoTime() - startedAt));
        });
    ctx.put(Answers.CONTEXT, ctx.vertx().getOrCreateContext());
    request.pause();
    long limit = endpoint.bodyLimit() == Endpoint.STREAMED ? LARGEST_BLOB : endpoint.bodyLimit();
    BodyStream body = new BodyStream(request, limit);
    threads.execute(
        () ->
            ScopedValue.where(Presence.CALLER, caller).run(() -> work(ctx, endpoint, body, limit)));
  }

  /** On a virtual thread. */
  private void work(RoutingContext ctx, Endpoint endpoint, InputStream body, long limit) {
    Reply reply;
    Identity identity = null;
    Knock knock = Knock.of(ctx.request());
    try {
      identity = door.identify(endpoint.need(), knock);
      reply = endpoint.work().reply(call(ctx.request(), endpoint, knock, identity, body, limit));
    } catch (Exception e) {
      reply = Problems.reply(Problems.of(e, path(ctx.request())));
    }
    if (identity != null
        && knock.writes()
        && endpoint.need() != Need.NOTHING
        && identity.self().role().isPresent()) {
      record(identity.self(), endpoint, ctx.request(), knock, reply.status());
    }
    Answers.write(ctx, reply);
  }

  /** What was done is done: if it cannot be written down, the log of the server has it. */
  private void record(
      TokenSelf who, Endpoint endpoint, HttpServerRequest request, Knock knock, int status) {
    String target = path(request).substring(Routes.API.length());
    try {
      audit.add(who, RouteTable.meaning(endpoint), target, status, knock.address());
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("by", who.name())
          .addKeyValue("target", target)
          .addKeyValue("status", status)
          .setCause(e)
          .log("Could not write to the audit log");
    }
  }

  private Call call(
      HttpServerRequest request,
      Endpoint endpoint,
      Knock knock,
      @Nullable Identity identity,
      InputStream body,
      long limit)
      throws IOException {
    List<String> segments =
        Arrays.asList(path(request).substring(Routes.API.length() + 1).split("/", -1));
    Map<String, String> query = new HashMap<>();
    RouteDoc doc = RouteTable.doc(endpoint);
    for (Map.Entry<String, String> entry : request.params()) {
      // What is not declared is not handed out, so that nothing can rely on it.
      if (doc.query().contains(entry.getKey())) {
        query.putIfAbsent(entry.getKey(), entry.getValue());
      }
    }
    door.admit(
        endpoint.need(), knock, identity, endpoint.isOfRun() ? decoded(segments.get(1)) : "");
    String announced = request.getHeader("Content-Length");
    if (announced != null && announced.length() < 19 && Long.parseLong(announced) > limit) {
      throw new ApiException(
          Problem.Code.TOO_LARGE, "A body here has at most %,d bytes.".formatted(limit));
    }
    Map<String, String> headers = new HashMap<>();
    String range = request.getHeader("Range");
    if (range != null) {
      headers.put("range", range);
    }
    byte[] whole = endpoint.bodyLimit() == Endpoint.STREAMED ? NOTHING : body.readAllBytes();
    RouteDoc.Request declared = doc.request();
    Body read =
        new Body(declared == null ? NOTHING : whole, request.getHeader("Content-Type"), declared);
    return new Call(segments, query, headers, identity, read, body, knock);
  }

  /** The path; empty if the request has none. */
  static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null ? "" : path;
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ProtocolException("The path is not well encoded.", e);
    }
  }
}
