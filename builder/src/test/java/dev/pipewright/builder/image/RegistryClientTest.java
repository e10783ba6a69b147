package dev.pipewright.builder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that wants a token of its own login server, as public ones do. */
class RegistryClientTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String BASIC =
      "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  private HttpServer server;
  private String host;
  private int deleted = 202;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    host = "127.0.0.1:" + server.getAddress().getPort();
    server.createContext("/login", this::login);
    server.createContext("/v2/", this::registry);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void login(HttpExchange exchange) throws IOException {
    boolean right =
        BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && exchange
                .getRequestURI()
                .getRawQuery()
                .equals("service=s&scope=repository%3Aci%3Apull");
    end(exchange, right ? 200 : 401, right ? "{\"token\":\"t1\"}" : "");
  }

  private void registry(HttpExchange exchange) throws IOException {
    if (!"Bearer t1".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer realm=\"http://%s/login\",service=\"s\",scope=\"repository:ci:pull\""
                  .formatted(host));
      end(exchange, 401, "");
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("DELETE")) {
      end(exchange, deleted, "");
    } else if (path.endsWith("/tags/list")) {
      end(exchange, 200, "{\"tags\":[\"one\",\"two\"]}");
    } else if (path.endsWith("/one")) {
      exchange.getResponseHeaders().set("Docker-Content-Digest", DIGEST);
      end(exchange, 200, "");
    } else {
      end(exchange, 404, "");
    }
  }

  private static void end(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private RegistryClient client(String password) {
    ImageRegistry registry = ImageRegistry.at(host + "/ci", false, "me", password);
    return new RegistryClient(registry, new RegistryLogin(registry));
  }

  @Test
  void tokenIsFetchedWithThePassword() throws IOException {
    try (RegistryClient client = client("secret")) {
      assertThat(client.digest("one")).contains(DIGEST);
      assertThat(client.digest("three")).isEmpty();
      assertThat(client.tags()).containsExactly("one", "two");
    }
  }

  @Test
  void wrongPasswordIsSaidWithTheWayOut() {
    try (RegistryClient client = client("wrong")) {
      assertThatThrownBy(() -> client.digest("one"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PIPEWRIGHT_REGISTRY_USER")
          .hasMessageContaining("docker login " + host);
    }
  }

  @Test
  void registryThatRemovesNothingIsToldFromOneThatDoes() throws IOException {
    try (RegistryClient client = client("secret")) {
      assertThat(client.remove(DIGEST)).isTrue();
      deleted = 405;
      assertThat(client.remove(DIGEST)).isFalse();
    }
  }
}
