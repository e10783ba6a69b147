package dev.pipewright.standalone.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.standalone.StandaloneMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Following a run over connections that break. */
class LogsCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final String OUTPUT = "first line\nsecond line\nlast, without an end";

  /** How the server answers what is asked next; when nothing is left, as it should. */
  private enum Mood {
    WELL,
    BREAKS_OFF_IN_A_LINE,
    SAYS_NOTHING,
    IS_NOT_THERE_BEHIND_ITS_PROXY,
    GOES_FOR_GOOD
  }

  private final Queue<Mood> moods = new ConcurrentLinkedQueue<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;
  private int asked;
  private List<OpenWait> waits = List.of();
  private Outcome outcome = Outcome.SUCCEEDED;
  private @Nullable String reason;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/runs/shop#42", this::run);
    server.createContext("/api/v1/runs/shop#42/logs/say", this::log);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private RunSnapshot snapshot(long printed) {
    boolean isOver = printed == OUTPUT.length();
    StepSnapshot step =
        new StepSnapshot(
            new StepPath("say"),
            "sh",
            isOver ? Phase.FINISHED : Phase.RUNNING,
            isOver ? outcome : null,
            isOver ? reason : null,
            NOON,
            isOver ? NOON : null,
            1,
            false,
            printed,
            List.of(),
            null,
            null);
    return new RunSnapshot(
        RunId.parse("shop#42"),
        new PipelineName("shop"),
        42,
        1,
        isOver ? Phase.FINISHED : Phase.RUNNING,
        isOver ? outcome : null,
        isOver ? reason : null,
        new SourceName("shop"),
        "refs/heads/main",
        new CommitId("a".repeat(40)),
        new Cause("push", "ann", null, null),
        NOON,
        NOON,
        isOver ? NOON : null,
        null,
        BlobDigest.of(new byte[0]),
        null,
        1,
        List.of(step),
        null,
        isOver ? List.of() : waits,
        List.of(),
        Origin.TRUSTED,
        null);
  }

  /** The step has printed 15 bytes when it is looked at first, and all when it is again. */
  private void run(HttpExchange exchange) throws IOException {
    asked++;
    answer(exchange, Json.bytes(snapshot(asked == 1 ? 15 : OUTPUT.length())));
  }

  private void log(HttpExchange exchange) throws IOException {
    int offset = Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll("\\D", ""));
    answer(exchange, OUTPUT.substring(offset, offset < 15 ? 15 : OUTPUT.length()).getBytes(UTF_8));
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    Mood mood = moods.isEmpty() ? Mood.WELL : moods.remove();
    switch (mood) {
      case WELL -> {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
      case BREAKS_OFF_IN_A_LINE -> {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, body.length / 2);
        exchange.getResponseBody().flush();
      }
      case SAYS_NOTHING -> {}
      case IS_NOT_THERE_BEHIND_ITS_PROXY -> exchange.sendResponseHeaders(503, -1);
      case GOES_FOR_GOOD -> server.stop(0);
    }
    exchange.close();
  }

  private int logs(String... further) {
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    List<String> line =
        new ArrayList<>(
            List.of("logs", "shop#42", "-f", "--json", "--server", address, "--token", "none"));
    line.addAll(List.of(further));
    return StandaloneMain.execute(
        line.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
  }

  private String printed() {
    return out.toString()
        .lines()
        .map(line -> Json.tree(line.getBytes(UTF_8)).at("text").text().orElseThrow())
        .collect(Collectors.joining());
  }

  @Test
  void aFollowerGoesOnWithTheByteItHasWhereverTheConnectionBreaks() {
    moods.addAll(
        List.of(
            Mood.WELL,
            Mood.BREAKS_OFF_IN_A_LINE,
            Mood.SAYS_NOTHING,
            Mood.IS_NOT_THERE_BEHIND_ITS_PROXY,
            Mood.WELL,
            Mood.WELL,
            Mood.BREAKS_OFF_IN_A_LINE));

    assertThat(logs()).as(err.toString()).isZero();

    assertThat(printed()).isEqualTo(OUTPUT);
    assertThat(err.toString().lines().toList())
        .hasSize(5)
        .allSatisfy(line -> assertThat(line).startsWith("pipewright: "))
        .satisfies(
            lines -> assertThat(lines.get(0)).contains("connection is lost", "for 10m"),
            lines -> assertThat(lines.get(1)).contains("Connected again."),
            lines -> assertThat(lines.get(2)).contains("connection is lost"),
            lines -> assertThat(lines.get(3)).contains("Connected again."),
            lines -> assertThat(lines.get(4)).contains("shop#42 SUCCEEDED in 0 ms"));
  }

  @Test
  void aFollowerIsToldForWhomTheRunWaitsAndWhyItFailed() {
    Wait ship = new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), null);
    waits = List.of(new OpenWait("ship", new StepPath("ship"), ship, NOON));
    outcome = Outcome.FAILED;
    reason = "exit code 7";

    assertThat(logs()).isZero();

    assertThat(printed()).isEqualTo(OUTPUT);
    assertThat(err.toString().lines())
        .containsExactly(
            "pipewright: ship waits for approval: Ship it? since 2026-11-20T12:00:00Z",
            "pipewright:   pipewright approve 'shop#42' ship",
            "pipewright:   pipewright reject 'shop#42' ship",
            "pipewright:   FAILED     say 0 ms  exit code 7",
            "pipewright: shop#42 FAILED in 0 ms: exit code 7");
  }

  @Test
  void aServerThatStaysAwayIsGivenUpWithWordsAndExitCodeOne() {
    moods.addAll(List.of(Mood.WELL, Mood.WELL, Mood.GOES_FOR_GOOD));

    assertThat(logs("--retry-for", "1s")).isOne();

    assertThat(printed()).isEqualTo(OUTPUT.substring(0, 15));
    assertThat(err.toString()).contains("did not come back within 1", "Not all was told");
  }

  @Test
  void aServerThatWasNeverReachedIsNotWaitedFor() {
    server.stop(0);

    assertThat(logs()).isOne();

    assertThat(err.toString()).contains("Is the server running?").doesNotContain("Trying again");
  }

  @Test
  void whoeverWantsNoSecondTryGetsNone() {
    moods.addAll(List.of(Mood.WELL, Mood.BREAKS_OFF_IN_A_LINE));

    assertThat(logs("--retry-for", "0s")).isOne();

    assertThat(printed()).isEmpty();
    assertThat(logs("--retry-for", "soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--retry-for is a time like 90s");
  }
}
