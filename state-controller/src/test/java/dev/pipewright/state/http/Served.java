package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.oidc.OidcConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A State-Controller on a random port of the loopback address, as others see it. */
public final class Served implements AutoCloseable {
  static final String ADMIN = "adm_for-tests-only";
  static final String NOTE = "What operators should know.";

  private final StateController state;
  private final Vertx vertx;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Promises promises;

  private Served(StateController state, Vertx vertx, int port, Promises promises) {
    this.promises = promises;
    this.state = state;
    this.vertx = vertx;
    this.port = port;
  }

  static Served on(Path data) throws Exception {
    return on(StateConfig.of(data, URI.create("http://ci.example"), ADMIN));
  }

  static Served on(StateConfig config) throws Exception {
    return on(config, null, 0);
  }

  static Served on(StateConfig config, CorsOrigins origins) throws Exception {
    return on(config, null, 0, origins);
  }

  static Served on(StateConfig config, @Nullable OidcConfig oidc, int port) throws Exception {
    return on(config, oidc, port, CorsOrigins.NONE);
  }

  private static Served on(
      StateConfig config, @Nullable OidcConfig oidc, int port, CorsOrigins origins)
      throws Exception {
    StateController state = StateController.open(config, Clock.systemUTC());
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    state.signInBy(oidc);
    state.shareFeeds(origins);
    Errors.on(router);
    Promises promises = Promises.on(router, RouteTable.of(state.endpoints()));
    state.mount(vertx, router, () -> NOTE);
    state.guardReads(router, "/beside");
    router.get("/beside").handler(ctx -> ctx.response().end("What others serve."));
    router
        .get("/broken")
        .handler(
            ctx -> {
              throw new IllegalStateException("Nobody is told this.");
            });
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
            .requestHandler(router)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    return new Served(state, vertx, server.actualPort(), promises);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  StateController state() {
    return state;
  }

  HttpTransport transport(String token) {
    return new HttpTransport(uri(""), token, Duration.ofSeconds(20));
  }

  HttpTransport admin() {
    return transport(ADMIN);
  }

  WorkClient work(String holder) {
    return new WorkClient(transport(state.serviceToken()), holder);
  }

  EngineClient engine(RunId run, String token) {
    return new EngineClient(transport(token), run);
  }

  HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** The live stream, which the caller closes; its status must be 200. */
  InputStream stream(String... headers) throws Exception {
    HttpResponse<InputStream> answer = opened(Routes.STREAM, headers);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  /** An answer whose body, which the caller closes, may have no end. */
  HttpResponse<InputStream> opened(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  @Override
  public void close() {
    Void unused = vertx.close().toCompletionStage().toCompletableFuture().join();
    http.close();
    state.close();
    promises.check();
  }
}
