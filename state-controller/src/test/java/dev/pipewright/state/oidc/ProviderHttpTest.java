package dev.pipewright.state.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.pipewright.state.oidc.OidcException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a provider cannot do to this server, whatever it answers. */
class ProviderHttpTest {
  private final ProviderHttp http = new ProviderHttp("login.example.org", Duration.ofMinutes(1));
  private final ProviderHttp hurried = new ProviderHttp("login.example.org", Duration.ofSeconds(1));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/elsewhere",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/good");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/good",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'{', '}'});
          exchange.close();
        });
    server.createContext(
        "/huge",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[1024 * 1024 + 1]);
          exchange.close();
        });
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream body = exchange.getResponseBody();
          while (!isOver()) {
            body.write(' ');
            body.flush();
          }
          exchange.close();
        });
    server.start();
  }

  /** Waits a little, but never longer than the test. */
  private boolean isOver() {
    try {
      return over.await(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.close();
    hurried.close();
    server.stop(0);
    threads.close();
  }

  private String get(ProviderHttp by, String path) throws OidcException {
    return by.get(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), "its keys");
  }

  private void assertAway(ProviderHttp by, String path, String words) {
    OidcException away = catchThrowableOfType(OidcException.class, () -> get(by, path));
    assertThat(away).hasMessage("login.example.org " + words + ".");
    assertThat(away.kind()).isEqualTo(Kind.AWAY);
  }

  @Test
  void anAnswerIsTakenOnlyFromWhereItWasAskedFor() throws Exception {
    assertThat(get(http, "/good")).isEqualTo("{}");
    assertAway(http, "/elsewhere", "answered with status 302 for its keys");
  }

  @Test
  void anAnswerThatIsTooLargeIsNotReadToItsEnd() {
    assertAway(http, "/huge", "cannot be reached");
  }

  @Test
  void anAnswerThatComesInDropsIsNotWaitedFor() {
    assertAway(hurried, "/slow", "did not answer within 1 seconds");
  }
}
