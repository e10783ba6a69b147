package dev.pipewright.state.http;

import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.KeepRule;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may come in, and what everybody gets who does it wrong. */
class DoorIT {
  private Served server;
  private WorkClient work;
  private LaunchOrder order;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    server = Served.on(folder);
    work = server.work("spawner-1");
    server.admin().post(Routes.SOURCES, Samples.source());
    work.create(Samples.order("shop", "k1"));
    order = work.claimRun(Duration.ofSeconds(5)).orElseThrow();
    server
        .engine(order.run(), order.token())
        .report(new EventBatch(1, List.of(began(1), began(2, LINT))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /api/v1/nothing                      | 404 | not-found",
        "GET  | /api/v1/runs/shop%2399               | 404 | not-found",
        "GET  | /api/v1/runs/shop                    | 400 | malformed",
        "PUT  | /api/v1/runs                         | 405 | method-not-allowed",
        "GET  | /nothing                             | 404 | not-found",
        "HEAD | /api/v1/runs                         | 405 | ",
        "POST | /cctray.xml                          | 405 | method-not-allowed",
        "POST | /cctray/shop.xml                     | 405 | method-not-allowed",
        "PUT  | /metrics                             | 405 | method-not-allowed",
        "POST | /health/ready                        | 405 | method-not-allowed",
        "POST | /api/v1/stream                       | 405 | method-not-allowed",
        "PUT  | /beside                              | 405 | method-not-allowed",
        "GET  | /broken                              | 500 | internal",
        "GET  | /api/v1/stream?run=shop              | 400 | malformed",
        "POST | /api/v1/sources                      | 401 | unauthorized",
        "GET  | /api/v1/sources/shop/secret          | 401 | unauthorized",
        "POST | /api/v1/runs/claim?holder=x          | 401 | unauthorized",
        "GET  | /api/v1/runs/shop%231/assignment     | 401 | unauthorized",
        "GET  | /api/v1/runs?limit=many              | 400 | malformed",
        "GET  | /cctray/none.xml                     | 404 | not-found",
        "GET  | /api/v1/deliveries/none              | 404 | not-found",
        "GET  | /api/v1/runs/shop%231/logs/no/step   | 404 | not-found",
        "GET  | /api/v1/runs/shop%231/logs/%2E%2E/x  | 404 | not-found",
      })
  void whatIsWrongGetsAProblem(String method, String path, int status, String code)
      throws Exception {
    HttpResponse<String> answer = server.send(method, path, null, null);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    if (code != null) {
      assertThat(answer.body())
          .contains("\"code\":\"" + code + "\"")
          .doesNotContain("\tat ", "Nobody is told this");
    }
    assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
  }

  @ParameterizedTest
  @CsvSource({"/cctray/shop.xml, GET HEAD OPTIONS", "/beside, GET", "/api/v1/tokens/ada, DELETE"})
  void whoTakesTheWrongMethodIsToldTheRightOnes(String path, String allowed) throws Exception {
    HttpResponse<String> answer = server.send("PUT", path, null, null);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed.replace(" ", ", "));
    assertThat(answer.body()).contains("This address takes " + allowed.replace(" ", ", ") + ".");
  }

  @Test
  void anAddressThatIsNotWellEncodedGetsAProblem() throws Exception {
    try (Socket socket = new Socket(server.uri("").getHost(), server.uri("").getPort())) {
      String request = "GET /api/v1/runs/%zz HTTP/1.1\r\nHost: ci\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400 ")
          .contains("application/problem+json", "\"code\":\"malformed\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, 201",
    "application/json; charset=utf-8, 201",
    "Application/JSON, 201",
    "text/plain, 415",
    "application/x-www-form-urlencoded, 415",
    "application/jsonp, 415",
    "'', 415",
  })
  void aBodyThatDoesNotSayThatItIsJsonIsRefused(String type, int status) throws Exception {
    String body = "{\"name\":\"vera\",\"role\":\"VIEWER\"}";
    HttpResponse<String> answer =
        server.send("POST", Routes.TOKENS, Served.ADMIN, body, "Content-Type", type);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status == 415) {
      assertThat(answer.body())
          .contains("\"code\":\"unsupported\"", "Content-Type: application/json");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/sources | {}",
        "/api/v1/sources | null",
        "/api/v1/sources | [1]",
        "/api/v1/sources | {\"name\":\"x y\",\"url\":\"https://a/b\"}",
        "/api/v1/sources | {\"name\":\"x\",\"url\":\"--upload-pack=touch pwned\"}",
        "/api/v1/sources | {\"name\":\"x\",\"url\":\"ext::sh -c id\"}",
        "/api/v1/runs | {\"key\":\"k\"}",
        "/api/v1/deliveries | {\"source\":\"shop\"}",
        "/api/v1/starts | {\"pipeline\":7}",
      })
  void badBodiesAreRefusedInWords(String path, String body) throws Exception {
    HttpResponse<String> answer = server.send("POST", path, Served.ADMIN, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"malformed\"");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> answer =
        server.send("POST", "/api/v1/sources", Served.ADMIN, " ".repeat(17 * 1024 * 1024));
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void aRunTokenIsGoodForItsOwnRunOnly() throws Exception {
    work.create(Samples.order("shop", "k2"));
    String token = order.token();
    assertThat(status("GET", "/api/v1/runs/shop%231/assignment", token)).isEqualTo(200);
    assertThat(status("GET", "/api/v1/runs/shop%232/assignment", token)).isEqualTo(403);
    assertThat(status("GET", "/api/v1/sources/shop/secret", token)).isEqualTo(403);
    assertThat(status("POST", "/api/v1/runs/shop%231/cancel", token)).isEqualTo(403);
    assertThat(status("POST", "/api/v1/runs/claim?holder=x", token)).isEqualTo(403);
    String other = Routes.blob(work.store("other".getBytes(StandardCharsets.UTF_8)));
    assertThat(status("GET", other, token)).isEqualTo(403);
    work.store("bundle".getBytes(StandardCharsets.UTF_8));
    assertThat(status("GET", Routes.blob(Samples.BUNDLE), token)).isEqualTo(200);
    assertThat(server.send("GET", Routes.TOKEN_SELF, token, null).body())
        .contains("\"kind\":\"RUN\"")
        .contains("\"source\":\"shop\"");
  }

  private int status(String method, String path, String token) throws Exception {
    return server.send(method, path, token, null).statusCode();
  }

  @Test
  void logsAreServedInParts() throws Exception {
    server
        .engine(order.run(), order.token())
        .append(LINT, 1, 0, Samples.NOON, "0123456789".getBytes(StandardCharsets.UTF_8));
    String path = Routes.log(order.run(), LINT);
    assertThat(server.send("GET", path + "?offset=4&limit=3", null, null).body()).isEqualTo("456");
    HttpResponse<String> range = server.send("GET", path, null, null, "Range", "bytes=-4");
    assertThat(range.statusCode()).isEqualTo(206);
    assertThat(range.body()).isEqualTo("6789");
    assertThat(range.headers().firstValue("Content-Range")).contains("bytes 6-9/10");
    assertThat(range.headers().firstValue("Pipewright-Log-Length")).contains("10");
    assertThat(range.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    HttpResponse<String> beyond = server.send("GET", path, null, null, "Range", "bytes=10-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */10");
    assertThat(beyond.body()).contains("\"code\":\"range-not-satisfiable\"", "10 bytes");
  }

  @Test
  void timesOfOutputAreServedAPageAtATime() throws Exception {
    EngineClient engine = server.engine(order.run(), order.token());
    engine.append(LINT, 1, 0, Samples.NOON, new byte[3]);
    engine.append(LINT, 1, 3, Samples.NOON.plusSeconds(2), new byte[3]);
    String path = Routes.times(order.run(), LINT);
    LogTime first = new LogTime(0, Samples.NOON);
    LogTime second = new LogTime(3, Samples.NOON.plusSeconds(2));
    assertThat(times(path)).isEqualTo(new Page<>(List.of(first, second), null));
    assertThat(times(path + "?limit=1")).isEqualTo(new Page<>(List.of(first), "3"));
    assertThat(times(path + "?from=3&attempt=1")).isEqualTo(new Page<>(List.of(second), null));
    assertThat(server.send("GET", path + "/none", null, null).statusCode()).isEqualTo(404);
    String late = Routes.log(order.run(), LINT) + "?fence=1&offset=6&at=99999999999999999";
    HttpResponse<String> refused = server.send("POST", late, order.token(), "x");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("'at' must be milliseconds since 1970");
  }

  private Page<LogTime> times(String path) throws Exception {
    byte[] body = server.send("GET", path, null, null).body().getBytes(StandardCharsets.UTF_8);
    return Json.read(body, new Json.Generic<Page<LogTime>>() {});
  }

  @Test
  void aFeedThatIsKnownIsNotSentAgain() throws Exception {
    HttpResponse<String> first = server.send("GET", "/cctray.xml", null, null);
    String tag = first.headers().firstValue("ETag").orElseThrow();
    assertThat(first.headers().firstValue("Cache-Control")).contains("max-age=2");
    assertThat(server.send("GET", "/cc.xml", null, null, "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    HttpResponse<String> head = server.send("HEAD", "/cctray.xml", null, null);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("ETag")).contains(tag);
    assertThat(head.headers().firstValue("Content-Length"))
        .contains(Integer.toString(first.body().getBytes(StandardCharsets.UTF_8).length));
    assertThat(server.send("GET", "/cc.xml", null, null, "If-None-Match", "W/" + tag).statusCode())
        .isEqualTo(304);
    assertThat(server.send("GET", "/cctray/shop.xml", null, null).body()).contains("Unknown");
    assertThat(server.send("HEAD", "/cctray/shop.xml", null, null).statusCode()).isEqualTo(200);
    assertThat(server.send("GET", "/cctray.xml?branch=" + "x".repeat(201), null, null).statusCode())
        .isEqualTo(400);
    server
        .engine(order.run(), order.token())
        .report(new EventBatch(1, List.of(ended(3, Outcome.SUCCEEDED))));
    HttpResponse<String> later =
        server.send("GET", "/cctray.xml", null, null, "If-None-Match", tag);
    assertThat(later.statusCode()).isEqualTo(200);
    assertThat(later.body()).contains("lastBuildStatus=\"Success\" lastBuildLabel=\"1\"");
    String mending = "/api/v1/pipelines/shop/mending";
    assertThat(server.send("POST", mending, null, "{\"on\":true}").statusCode()).isEqualTo(401);
    assertThat(server.send("POST", mending, Served.ADMIN, "{\"on\":true}").body())
        .contains("\"code\":\"conflict\"", "is not broken");
    assertThat(server.send("GET", "/cctray.xml?branch=main", null, null).body())
        .isEqualTo(later.body());
    assertThat(server.send("GET", "/cctray.xml?branch=other", null, null).body())
        .doesNotContain("<Project ");
  }

  @Test
  void theStreamTellsOfRunsAndBeats() throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                server.admin().open(Routes.STREAM, "text/event-stream", Duration.ofSeconds(20)),
                StandardCharsets.UTF_8))) {
      assertThat(nextEvent(lines)).isEqualTo("beat");
      server
          .engine(order.run(), order.token())
          .report(new EventBatch(1, List.of(ended(3, Outcome.SUCCEEDED))));
      assertThat(nextEvent(lines)).isEqualTo("run");
      assertThat(nextEvent(lines)).isEqualTo("pipeline");
    }
  }

  private static String nextEvent(BufferedReader lines) throws Exception {
    String line = lines.readLine();
    while (line != null && !line.startsWith("event: ")) {
      line = lines.readLine();
    }
    return line == null ? "" : line.substring("event: ".length());
  }

  @Test
  void healthAndMetricsAreOpen() throws Exception {
    assertThat(server.send("GET", "/health/live", null, null).statusCode()).isEqualTo(200);
    assertThat(server.send("GET", "/health/ready", null, null).statusCode()).isEqualTo(200);
    assertThat(server.send("GET", "/health/ready", null, null).body()).contains(Served.NOTE);
    assertThat(server.send("GET", "/metrics", null, null).body())
        .contains("pipewright_runs_finished_total{outcome=\"SUCCEEDED\"} 0.0")
        .contains("pipewright_queue_length 0.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void closedReadsNeedAToken(@TempDir Path other) throws Exception {
    StateConfig config =
        new StateConfig(
            other,
            null,
            URI.create("http://ci.example"),
            Served.ADMIN,
            null,
            null,
            true,
            false,
            Integer.MAX_VALUE,
            StateConfig.RECONCILE_EVERY,
            KeepRule.USUAL);
    try (Served closed = Served.on(config)) {
      HttpResponse<String> answer = closed.send("GET", "/cctray.xml", null, null);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
      String basic =
          Base64.getEncoder()
              .encodeToString(("any:" + Served.ADMIN).getBytes(StandardCharsets.UTF_8));
      assertThat(
              closed
                  .send("GET", "/cctray.xml", null, null, "Authorization", "Basic " + basic)
                  .statusCode())
          .isEqualTo(200);
      assertThat(
              closed
                  .send("GET", "/cctray.xml?access_token=" + Served.ADMIN, null, null)
                  .statusCode())
          .isEqualTo(200);
      assertThat(closed.send("GET", Routes.RUNS, null, null).statusCode()).isEqualTo(401);
      assertThat(closed.send("GET", "/metrics", null, null).statusCode()).isEqualTo(401);
      assertThat(closed.send("GET", "/health/ready", null, null).body())
          .isEqualTo("{\"status\":\"ready\"}");
      assertThat(closed.send("GET", "/health/ready", Served.ADMIN, null).body())
          .contains(Served.NOTE);
      assertThat(closed.send("GET", "/metrics", Served.ADMIN, null).statusCode()).isEqualTo(200);
      assertThat(
              closed
                  .send("POST", Routes.SOURCES, null, "{}", "Authorization", "Basic " + basic)
                  .statusCode())
          .isEqualTo(401);
      assertThat(Json.tree(closed.admin().get(Routes.RUNS).body()).at("items").isPresent())
          .isTrue();
    }
  }
}
