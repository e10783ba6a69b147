package dev.pipewright.engine;

import static dev.pipewright.dsl.Steps.secret;
import static dev.pipewright.dsl.Steps.service;
import static dev.pipewright.dsl.Steps.sh;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.engine.cache.ServerCaches;
import dev.pipewright.engine.execute.Surroundings;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.secret.ServerSecrets;
import dev.pipewright.engine.side.ServerSides;
import dev.pipewright.engine.tests.ServerReports;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What steps get from a server, over HTTP. */
@Timeout(180)
final class ServerSuppliesIT {
  private static final long FENCE = 7;

  private final Path workspace;
  private final Trial trial;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, CacheEntry> caches = new ConcurrentHashMap<>();
  private final Map<String, SideView> sides = new HashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer http;

  ServerSuppliesIT(@TempDir Path folder) throws IOException {
    workspace = Files.createDirectory(folder.resolve("work"));
    trial = new Trial(workspace);
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
  }

  @BeforeEach
  void start() {
    http.createContext("/", this::handle);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
    URI address = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    EngineClient client =
        new EngineClient(
            new HttpTransport(address, "token", Duration.ofSeconds(5)), RunId.parse("shop#42"));
    Outage outage = new Outage(Duration.ofSeconds(2));
    trial.surroundings =
        Surroundings.alone()
            .withSecrets(new ServerSecrets(client, FENCE, outage, trial.recorder))
            .withCaches(new ServerCaches(client, FENCE))
            .withSides(new ServerSides(client, FENCE, outage, workspace.resolveSibling("sides")))
            .withReports(new ServerReports(client, outage));
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String action = path.substring(path.indexOf("#42") + 3);
    int status = 200;
    byte[] answer;
    try {
      answer =
          path.contains("/blobs/")
              ? blob(path.substring(path.lastIndexOf('/') + 1), exchange, body)
              : answer(exchange.getRequestMethod() + " " + action, exchange.getRequestURI(), body);
    } catch (IllegalStateException e) {
      status = 403;
      answer = Json.bytes(Problem.of(Problem.Code.FORBIDDEN, String.valueOf(e.getMessage()), null));
    }
    exchange.sendResponseHeaders(
        status == 200 && answer.length == 0 ? 204 : status,
        answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private byte[] blob(String digest, HttpExchange exchange, byte[] body) {
    if (exchange.getRequestMethod().equals("PUT")) {
      blobs.put(digest, body);
      return new byte[0];
    }
    return blobs.getOrDefault(digest, new byte[0]);
  }

  private synchronized byte[] answer(String call, URI uri, byte[] body) {
    asked.add(call);
    return switch (call) {
      case "POST /secrets" -> secrets(Json.read(body, SecretsRequest.class));
      case "GET /caches" -> {
        CacheEntry entry = caches.get(uri.getQuery().substring("key=".length()));
        yield Json.bytes(
            entry == null
                ? new CacheAnswer(null, 0, "no such key")
                : new CacheAnswer(entry.blob(), entry.size(), "stored by shop#41"));
      }
      case "POST /caches" -> {
        CacheEntry entry = Json.read(body, CacheEntry.class);
        caches.put(entry.key(), entry);
        yield new byte[0];
      }
      case "POST /sides" -> {
        SideRequest request = Json.read(body, SideRequest.class);
        SideView view =
            request.image().equals("postgres:17")
                ? new SideView(request.key(), SideView.State.RUNNING, null, null)
                : new SideView(
                    request.key(), SideView.State.FAILED, null, "The image needs containers.");
        sides.put(request.key(), view);
        yield Json.bytes(new SideView(request.key(), SideView.State.WANTED, null, null));
      }
      case "GET /sides" -> {
        String key = uri.getQuery().replaceFirst("key=([^&]*).*", "$1");
        SideView gone = new SideView(key, SideView.State.ENDED, null, null, "ready\nasked\n");
        yield Json.bytes(sides.getOrDefault(key, gone));
      }
      case "POST /sides/end" -> {
        sides.remove(Json.read(body, SideEnd.class).key());
        yield new byte[0];
      }
      default -> throw new IllegalStateException("unexpected " + call);
    };
  }

  private static byte[] secrets(SecretsRequest request) {
    if (request.fence() != FENCE || !request.path().value().equals("with")) {
      throw new IllegalStateException("The step does not declare these secrets.");
    }
    Map<String, String> values = new HashMap<>();
    request.names().forEach(name -> values.put(name, "value of " + name));
    return Json.bytes(new SecretValues(values));
  }

  @Test
  void secrets_come_once_the_step_is_known_to_be_running() {
    trial.run(sh("with", "test \"$TOKEN\" = 'value of TOKEN'; echo $TOKEN").needs(secret("TOKEN")));

    assertThat(trial.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trial.log("with")).isEqualTo("***\n");
  }

  @Test
  void a_refused_secret_makes_the_step_errored_with_the_servers_words() {
    trial.run(sh("other", "true").needs(secret("TOKEN")));

    assertThat(trial.finished("other").reason())
        .startsWith("The server does not give TOKEN: ")
        .contains("The step does not declare these secrets.");
  }

  @Test
  void caches_travel_as_blobs() throws IOException {
    trial.run(sh("fill", "mkdir lib; echo made >lib/a").cache("k v/ü?&", "lib"));
    Files.delete(workspace.resolve("lib/a"));
    Files.delete(workspace.resolve("lib"));
    Trial second = new Trial(workspace, trial.surroundings);
    second.run(sh("use", "cat lib/a").cache("k v/ü?&", "lib"));

    assertThat(caches.keySet()).singleElement().asString().startsWith("k v/ü?&@");
    assertThat(second.log("use"))
        .contains("hit, ")
        .contains("stored by shop#41")
        .endsWith("made\n");
    blobs.replaceAll((_, bytes) -> new byte[] {1, 2, 3});
    Files.delete(workspace.resolve("lib/a"));
    Files.delete(workspace.resolve("lib"));
    Trial third = new Trial(workspace, trial.surroundings);
    third.run(sh("use", "ls").cache("k v/ü?&", "lib"));
    assertThat(third.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(third.log("use")).contains("not used: The server sent other bytes");
  }

  @Test
  void test_reports_are_stored_as_blobs() {
    trial.run(
        sh("t", "echo '<testsuite><testcase name=\"a\"/></testsuite>' >r.xml").junit("r.xml"));

    RunEvent.TestsFound found =
        trial.recorder.events().stream()
            .filter(RunEvent.TestsFound.class::isInstance)
            .map(RunEvent.TestsFound.class::cast)
            .findFirst()
            .orElseThrow();
    byte[] blob = blobs.get(found.report().value());
    assertThat(blob).isNotNull();
    assertThat(BlobDigest.of(blob)).isEqualTo(found.report());
  }

  @Test
  void services_are_asked_for_awaited_and_ended_and_images_passed_over_without_containers() {
    trial.run(sh("it", "echo here").image("node:22").with(service("db", "postgres:17")));

    assertThat(trial.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(trial.log("it"))
        .isEqualTo(
            """
            [there are no containers here: the step runs without the image node:22]
            here
            [the service db printed:]
            ready
            asked
            """);
    assertThat(sides).isEmpty();
    assertThat(asked.stream().filter("POST /sides/end"::equals)).hasSize(2);
  }

  @Test
  void a_service_that_cannot_be_had_makes_the_task_errored() {
    trial.run(sh("it", "touch ran").with(service("db", "mysql:9")));

    assertThat(trial.reason()).contains("The service db (mysql:9) did not start: The image needs");
    assertThat(workspace.resolve("ran")).doesNotExist();
  }
}
