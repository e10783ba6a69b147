package dev.pipewright.ui.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds read over real connections. */
class FeedClientIT {
  private static final String FEED =
      "<Projects><Project name='shop' activity='Sleeping' lastBuildStatus='Success'/></Projects>";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<String> authorization = new AtomicReference<>("");
  private final AtomicReference<String> address = new AtomicReference<>("");
  private @Nullable HttpServer server;

  @AfterEach
  void end() {
    stop();
    threads.shutdownNow();
  }

  private void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  @Test
  void credentialsGoAsTheFileSays() throws Exception {
    AtomicReference<String> upgrade = new AtomicReference<>("");
    serve(
        exchange -> {
          upgrade.set(exchange.getRequestHeaders().getFirst("Upgrade"));
          answer(exchange, 200, FEED);
        });
    assertThat(read(spec("u", "p", null, null))).hasSize(1);
    assertThat(authorization.get()).isEqualTo("Basic dTpw");
    assertThat(upgrade.get()).isNull();
    read(spec(null, null, "secret", null));
    assertThat(authorization.get()).isEqualTo("Bearer secret");
    read(spec(null, null, "a&b", "key"));
    assertThat(authorization.get()).isNull();
    assertThat(address.get()).isEqualTo("/cc.xml?key=a%26b");
  }

  @Test
  void aRedirectOnTheSameServerIsFollowedAndNoOther() throws Exception {
    serve(
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/cc.xml")) {
            exchange.getResponseHeaders().set("Location", "/cc.xml/");
            answer(exchange, 302, "");
          } else {
            answer(exchange, 200, FEED);
          }
        });
    assertThat(read(plain())).hasSize(1);
    stop();
    serve(
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
          answer(exchange, 302, "");
        });
    refused(plain(), "redirects to another server");
  }

  @Test
  void whatIsNoFeedSaysWhy() throws Exception {
    AtomicInteger status = new AtomicInteger(401);
    serve(exchange -> answer(exchange, status.get(), "<html>no</html>"));
    refused(plain(), "other credentials");
    status.set(500);
    refused(plain(), "status 500");
    status.set(200);
    refused(plain(), "login");
    stop();
    refused(plain(), "cannot be reached");
  }

  @Test
  void anEndlessFeedIsCutOff() throws Exception {
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            byte[] much = "<!-- much -->".repeat(10_000).getBytes(UTF_8);
            for (int i = 0; i < 1000; i++) {
              body.write(much);
            }
          }
        });
    refused(plain(), "larger than 8 MiB");
  }

  @Test
  void aCertificateIsTrustedOnlyIfTheFileNamesIt(@TempDir Path folder) throws Exception {
    Path store = folder.resolve("keys.p12");
    Path pem = folder.resolve("ca.pem");
    keytool("-genkeypair -alias it -keyalg EC -dname CN=it -ext SAN=ip:127.0.0.1", store);
    keytool("-exportcert -rfc -alias it -file " + pem, store);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    begin(https, exchange -> answer(exchange, 200, FEED));
    URI url = URI.create("https://127.0.0.1:" + https.getAddress().getPort() + "/cc.xml");
    refused(new FeedSpec("it", url), "not trusted");
    assertThat(read(new FeedSpec("it", url, null, null, null, null, pem.toString(), null)))
        .hasSize(1);
  }

  @Test
  void aFeedThatDiesKeepsItsTilesAndSaysWhyAndSinceWhen() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    serve(exchange -> answer(exchange, status.get(), FEED));
    FeedSpec spec = new FeedSpec("it", url(), null, null, null, null, null, 5);
    try (FeedReadings readings = new FeedReadings(InstantSource.system())) {
      await().until(() -> !readings.states(List.of(spec)).getFirst().tiles().isEmpty());
      assertThat(readings.states(List.of(spec)).getFirst().problem()).isNull();
      status.set(503);
      await().until(() -> readings.states(List.of(spec)).getFirst().problem() != null);
      FeedState dead = readings.states(List.of(spec)).getFirst();
      assertThat(dead.problem()).contains("503");
      assertThat(dead.since()).isEqualTo(dead.readAt()).isNotNull();
      assertThat(dead.tiles()).hasSize(1);
    }
  }

  @Test
  void whatNobodyThoughtOfIsAProblemOfThatFeedAndNoSilence() throws Exception {
    serve(exchange -> answer(exchange, 200, FEED));
    FeedSpec odd = new FeedSpec("odd", url(), null, null, null, null, "a\0b", 5);
    try (FeedReadings readings = new FeedReadings(InstantSource.system())) {
      await().until(() -> readings.states(List.of(odd)).getFirst().problem() != null);
      FeedState state = readings.states(List.of(odd)).getFirst();
      assertThat(state.problem()).contains("\"ca\" is no path of a file");
      assertThat(state.since()).isNotNull();
      assertThat(state.everySeconds()).isEqualTo(5);
    }
  }

  private void serve(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    begin(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), handler);
  }

  private void begin(HttpServer started, com.sun.net.httpserver.HttpHandler handler) {
    server = started;
    started.createContext(
        "/",
        exchange -> {
          authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
          address.set(exchange.getRequestURI().toString());
          handler.handle(exchange);
        });
    started.setExecutor(threads);
    started.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private URI url() {
    int port = server == null ? 1 : server.getAddress().getPort();
    return URI.create("http://127.0.0.1:" + port + "/cc.xml");
  }

  private FeedSpec plain() {
    return new FeedSpec("it", url());
  }

  private FeedSpec spec(
      @Nullable String user,
      @Nullable String password,
      @Nullable String token,
      @Nullable String in) {
    return new FeedSpec("it", url(), user, password, token, in, null, null);
  }

  private List<FeedProject> read(FeedSpec spec) throws Exception {
    try (FeedClient client = new FeedClient(spec, threads)) {
      return client.read();
    }
  }

  private void refused(FeedSpec spec, String why) {
    assertThatExceptionOfType(FeedException.class)
        .isThrownBy(() -> read(spec))
        .withMessageContaining(why);
  }

  private static void keytool(String words, Path store) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String all = tool + " " + words + " -storepass changeit -keystore " + store;
    Process process = new ProcessBuilder(all.split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static SSLContext context(Path store) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
