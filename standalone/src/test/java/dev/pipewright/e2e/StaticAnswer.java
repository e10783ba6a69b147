package dev.pipewright.e2e;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server with the options of ours that gives one file from memory, with as many headers as a
 * feed: what an answer of that size costs at the least. The arguments are the port and the file.
 */
final class StaticAnswer {
  private StaticAnswer() {}

  public static void main(String[] args) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(args[1]));
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router
        .get("/static")
        .handler(
            ctx -> {
              Future<Void> unused =
                  ctx.response()
                      .putHeader("ETag", "\"0123456789abcdef0123456789abcdef\"")
                      .putHeader("Cache-Control", "max-age=2")
                      .putHeader("X-Content-Type-Options", "nosniff")
                      .putHeader("Access-Control-Allow-Origin", "*")
                      .putHeader("Content-Type", "application/xml; charset=utf-8")
                      .end(Buffer.buffer(bytes));
            });
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(Integer.parseInt(args[0]))
            .setIdleTimeout(120)
            .setTcpNoDelay(true)
            .setAcceptBacklog(1024);
    Object unused =
        vertx
            .createHttpServer(options)
            .requestHandler(router)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }
}
