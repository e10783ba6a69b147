package dev.pipewright.builder.http;

import dev.pipewright.builder.git.Mirror;
import dev.pipewright.builder.git.MirrorException;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Git's smart HTTP below {@code /git/<source>}, reading only. */
public final class GitRoutes {
  private static final Logger log = LoggerFactory.getLogger(GitRoutes.class);
  private static final String SERVICE = "git-upload-pack";
  private static final long REQUEST_LIMIT = 1024 * 1024;
  private static final long INFLATED_LIMIT = 16L * 1024 * 1024;

  private final GitAccess access;

  public GitRoutes(GitAccess access) {
    this.access = access;
  }

  /** Adds the routes. Requests are answered on virtual threads. */
  public void mount(Router router) {
    router.get(Routes.GIT + "/:source/info/refs").handler(ctx -> answer(ctx, this::refs));
    router
        .post(Routes.GIT + "/:source/" + SERVICE)
        .handler(BodyHandler.create(false).setBodyLimit(REQUEST_LIMIT))
        .handler(ctx -> answer(ctx, this::pack));
    router
        .post(Routes.GIT + "/:source/git-receive-pack")
        .handler(ctx -> answer(ctx, GitRoutes::refuseWrites));
  }

  /** What is done for one request on a thread that may block. */
  private interface Work {
    void on(RoutingContext ctx) throws IOException;
  }

  private static void answer(RoutingContext ctx, Work work) {
    Thread.ofVirtual()
        .name("git-http")
        .start(
            () -> {
              try {
                work.on(ctx);
              } catch (ApiException e) {
                refuse(ctx, e.problem());
              } catch (MirrorException e) {
                refuse(ctx, Problem.of(Problem.Code.UNAVAILABLE, message(e), null));
              } catch (ProtocolException e) {
                refuse(ctx, Problem.of(Problem.Code.MALFORMED, message(e), null));
              } catch (IOException | UncheckedIOException e) {
                breakOff(ctx, e);
              }
            });
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }

  private void refs(RoutingContext ctx) throws IOException {
    if (!SERVICE.equals(ctx.request().getParam("service"))) {
      refuseWrites(ctx);
    }
    Mirror mirror = mirror(ctx);
    HttpServerResponse response = begin(ctx, "application/x-git-upload-pack-advertisement");
    try (ResponseStream out = new ResponseStream(response)) {
      mirror.uploads().advertise(protocol(ctx), out);
    }
  }

  private void pack(RoutingContext ctx) throws IOException {
    Mirror mirror = mirror(ctx);
    @Nullable Buffer body = ctx.body().buffer();
    InputStream in = inflated(ctx, body == null ? new byte[0] : body.getBytes());
    HttpServerResponse response = begin(ctx, "application/x-git-upload-pack-result");
    try (ResponseStream out = new ResponseStream(response)) {
      mirror.uploads().serve(protocol(ctx), in, out);
    }
  }

  private static void refuseWrites(RoutingContext ctx) {
    throw new ApiException(
        Problem.Code.FORBIDDEN,
        "The mirror of '" + ctx.pathParam("source") + "' can only be read.",
        "Push to the repository itself.");
  }

  private Mirror mirror(RoutingContext ctx) {
    return access.mirror(token(ctx), new SourceName(String.valueOf(ctx.pathParam("source"))));
  }

  private static InputStream inflated(RoutingContext ctx, byte[] body) throws IOException {
    @Nullable String encoding = ctx.request().getHeader("Content-Encoding");
    InputStream raw = new ByteArrayInputStream(body);
    if (encoding == null || encoding.equals("identity")) {
      return raw;
    }
    if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) {
      throw new ApiException(
          Problem.Code.UNSUPPORTED, "The encoding of the body is not supported.", "Use gzip.");
    }
    return new LimitedStream(new GZIPInputStream(raw), INFLATED_LIMIT);
  }

  private static @Nullable String token(RoutingContext ctx) {
    @Nullable String header = ctx.request().getHeader("Authorization");
    if (header == null) {
      return null;
    }
    if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return header.substring(7).strip();
    }
    if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return password(header.substring(6).strip());
    }
    return null;
  }

  private static @Nullable String password(String basic) {
    try {
      String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : pair.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String protocol(RoutingContext ctx) {
    return ctx.request().getHeader("Git-Protocol");
  }

  private static HttpServerResponse begin(RoutingContext ctx, String type) {
    return ctx.response()
        .setChunked(true)
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-cache, no-store");
  }

  private static void refuse(RoutingContext ctx, Problem problem) {
    HttpServerResponse response = ctx.response();
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.headers().remove("Transfer-Encoding");
    response
        .setChunked(false)
        .setStatusCode(problem.status())
        .putHeader("Content-Type", "application/problem+json");
    if (problem.status() == 401) {
      response.putHeader("WWW-Authenticate", "Basic realm=\"pipewright\"");
    }
    response.end(Buffer.buffer(Json.bytes(problem)));
  }

  private static void breakOff(RoutingContext ctx, Exception e) {
    log.atInfo().addKeyValue("source", ctx.pathParam("source")).setCause(e).log("Fetch broke off");
    refuse(ctx, Problem.of(Problem.Code.UNAVAILABLE, "The fetch broke off.", "Try again."));
  }
}
