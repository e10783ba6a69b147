package dev.pipewright.ui.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages in a process of their own, before a server that answers whom it knows. */
class ReadGuardTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer state;
  private Vertx vertx;
  private AutoCloseable guard;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    state = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    state.createContext(
        "/api/v1/runs",
        exchange -> {
          asked.incrementAndGet();
          String cookie = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
          String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          boolean known = cookie.equals("pipewright_session=good") || token.equals("Bearer good");
          exchange.sendResponseHeaders(known ? 200 : 401, -1);
          exchange.close();
        });
    state.start();
    vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    URI address = URI.create("http://127.0.0.1:" + state.getAddress().getPort());
    guard = ReadGuard.mount(vertx, router, address, "/wall.json");
    router.get("/wall.json").handler(context -> context.response().end("settings"));
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    guard.close();
    Void unused = vertx.close().toCompletionStage().toCompletableFuture().join();
    http.close();
    state.stop(0);
  }

  private int status(String query, String... headers) throws Exception {
    return get(query, headers).statusCode();
  }

  private HttpResponse<String> get(String query, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/wall.json" + query));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void whoMayReadThereMayReadHere() throws Exception {
    assertThat(status("")).isEqualTo(401);
    assertThat(status("", "Cookie", "other=1; pipewright_session=good")).isEqualTo(200);
    assertThat(status("", "Cookie", "pipewright_session=gone")).isEqualTo(401);
    assertThat(status("", "Authorization", "Bearer good")).isEqualTo(200);
    assertThat(status("?access_token=good")).isEqualTo(200);
    assertThat(status("?access_token=good%0d%0aX:%20y")).isEqualTo(401);
  }

  @Test
  void whoIsKeptOutIsToldWhatToComeWithOrWhen() throws Exception {
    HttpResponse<String> unknown = get("");
    assertThat(unknown.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    assertThat(unknown.body()).contains("\"code\":\"unauthorized\"");
    HttpResponse<String> page = get("", "Pipewright-Page", "1");
    assertThat(page.statusCode()).isEqualTo(401);
    assertThat(page.headers().firstValue("WWW-Authenticate")).isEmpty();
    state.stop(0);
    HttpResponse<String> away = get("?access_token=other");
    assertThat(away.headers().firstValue("Retry-After")).contains("5");
    assertThat(away.body()).contains("\"code\":\"unavailable\"");
  }

  @Test
  void whatWasAnsweredIsAskedOnceAndAServerThatIsAwayLetsNobodyIn() throws Exception {
    assertThat(status("?access_token=good")).isEqualTo(200);
    assertThat(status("?access_token=good")).isEqualTo(200);
    assertThat(asked).hasValue(1);
    state.stop(0);
    assertThat(status("?access_token=other")).isEqualTo(503);
  }
}
