package dev.pipewright.state.http;

import dev.pipewright.protocol.api.Routes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers, from any thread, always on the event loop of the connection. */
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  /** Where the event loop of a request is kept. */
  static final String CONTEXT = "pipewright.context";

  private static final int PIECE = 256 * 1024;
  private static final long PATIENCE_SECONDS = 60;

  private Answers() {}

  static void write(RoutingContext ctx, Reply reply) {
    switch (reply) {
      case Reply.Whole whole -> onLoop(ctx, () -> whole(ctx, whole));
      case Reply.Streamed streamed -> stream(ctx, streamed);
      case Reply.Written written -> written(ctx, written);
    }
  }

  private static void onLoop(RoutingContext ctx, Runnable write) {
    Context loop = ctx.vertx().getOrCreateContext();
    Context own = contextOf(ctx, loop);
    own.runOnContext(any -> write.run());
  }

  private static Context contextOf(RoutingContext ctx, Context otherwise) {
    Context own = ctx.get(CONTEXT);
    return own == null ? otherwise : own;
  }

  /** Writes at once; on the event loop of the connection. */
  static void whole(RoutingContext ctx, Reply.Whole reply) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      unsent(reply);
      return;
    }
    head(response, reply.status(), reply.type(), reply);
    unchallenged(ctx.request());
    if (!ctx.request().isEnded()) {
      // The rest of a refused body is thrown away, so that the sender gets to read the answer.
      ctx.request().handler(any -> {});
      ctx.request().resume();
    }
    Future<Void> sent =
        reply.status() == 204 ? response.end() : response.end(Buffer.buffer(reply.body()));
    Future<Void> unused = sent.onFailure(any -> unsent(reply));
  }

  private static void unsent(Reply.Whole reply) {
    Thread unused =
        Thread.startVirtualThread(
            () -> {
              try {
                reply.unsent().run();
              } catch (RuntimeException e) {
                log.atInfo().setCause(e).log("Unsent work goes back when its lease is over");
              }
            });
  }

  private static void head(HttpServerResponse response, int status, String type, Reply reply) {
    response.setStatusCode(status);
    if (!type.isEmpty()) {
      response.putHeader("Content-Type", type);
    }
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (!reply.headers().containsKey("Cache-Control")) {
      response.putHeader("Cache-Control", "no-store");
    }
    reply.headers().forEach(response::putHeader);
  }

  /**
   * A browser answers a challenge by asking for a password itself. That is right where people open
   * a feed, but a page of ours asks better, and its live stream cannot ask at all.
   */
  private static void unchallenged(HttpServerRequest request) {
    if (request.getHeader(Routes.PAGE_HEADER) != null
        || "text/event-stream".equals(request.getHeader("Accept"))) {
      request.response().headers().remove("WWW-Authenticate");
    }
  }

  /** Reads and writes piece by piece; a client that takes nothing for a minute is let go. */
  private static void stream(RoutingContext ctx, Reply.Streamed reply) {
    try (InputStream content = reply.content()) {
      onLoop(
          ctx,
          () -> {
            head(ctx.response(), reply.status(), reply.type(), reply);
            ctx.response().putHeader("Content-Length", Long.toString(reply.length()));
          });
      long left = reply.length();
      while (left > 0) {
        byte[] piece = content.readNBytes((int) Math.min(PIECE, left));
        if (piece.length == 0) {
          throw new IOException("The content is shorter than was announced.");
        }
        left -= piece.length;
        await(ctx, piece);
      }
      onLoop(
          ctx,
          () -> {
            Future<Void> unused = ctx.response().end();
          });
    } catch (IOException | ExecutionException | TimeoutException e) {
      log.atDebug().setCause(e).log("Answer broke off");
      onLoop(ctx, () -> ctx.request().connection().close());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      onLoop(ctx, () -> ctx.request().connection().close());
    }
  }

  /** Writes piece by piece; whoever reads sees by the missing last chunk that it broke off. */
  private static void written(RoutingContext ctx, Reply.Written reply) {
    try {
      onLoop(
          ctx,
          () -> {
            head(ctx.response(), reply.status(), reply.type(), reply);
            ctx.response().setChunked(true);
          });
      AnswerStream out = new AnswerStream(PIECE, piece -> awaitNow(ctx, piece));
      reply.content().writeTo(out);
      out.flush();
      onLoop(
          ctx,
          () -> {
            Future<Void> unused = ctx.response().end();
          });
    } catch (IOException | RuntimeException e) {
      log.atWarn().setCause(e).log("Answer broke off");
      onLoop(ctx, () -> ctx.request().connection().close());
    }
  }

  private static void awaitNow(RoutingContext ctx, byte[] piece) throws IOException {
    try {
      await(ctx, piece);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("The reader is gone.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The server ends.", e);
    }
  }

  private static void await(RoutingContext ctx, byte[] piece)
      throws ExecutionException, TimeoutException, InterruptedException {
    Promise<Void> written = Promise.promise();
    onLoop(ctx, () -> ctx.response().write(Buffer.buffer(piece)).onComplete(written));
    written
        .future()
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
