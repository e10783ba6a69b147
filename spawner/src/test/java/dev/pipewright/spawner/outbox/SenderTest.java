package dev.pipewright.spawner.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxReport.Result;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.StatusState;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.spawner.post.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims from a server, posts to another one, reports to the first. */
class SenderTest {
  private static final RunId RUN = new RunId(new PipelineName("shop"), 42);
  private static final CommitId COMMIT = new CommitId("a".repeat(40));
  private static final URI PAGE = URI.create("https://ci.example/runs/shop%2342");
  private static final String SECRET = "webhook-secret";

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<OutboxWork> work = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reported> reports = new LinkedBlockingQueue<>();
  private HttpServer state;
  private Receiver outside;
  private Sender sender;

  private record Reported(String id, OutboxReport report) {}

  @BeforeEach
  void open() throws Exception {
    outside = new Receiver();
    state = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    state.setExecutor(threads);
    state.createContext("/api/v1/outbox/", this::answer);
    state.start();
    URI address = URI.create("http://127.0.0.1:" + state.getAddress().getPort());
    HttpTransport http = new HttpTransport(address, "service", Duration.ofMinutes(1));
    sender = new Sender(new WorkClient(http, "spawner"), threads, InstantSource.system());
    threads.execute(sender::run);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    sender.close();
    state.stop(0);
    outside.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String[] path = exchange.getRequestURI().getRawPath().split("/", -1);
    if (path[4].equals("claim")) {
      OutboxWork next = next();
      byte[] json = next == null ? new byte[0] : Json.bytes(next);
      exchange.sendResponseHeaders(next == null ? 204 : 200, next == null ? -1 : json.length);
      exchange.getResponseBody().write(json);
    } else {
      reports.add(
          new Reported(
              URLDecoder.decode(path[4], StandardCharsets.UTF_8),
              Json.read(body, OutboxReport.class)));
      exchange.sendResponseHeaders(204, -1);
    }
    exchange.close();
  }

  private @Nullable OutboxWork next() {
    try {
      return work.poll(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private OutboxReport reported() throws InterruptedException {
    Reported reported = reports.poll(60, TimeUnit.SECONDS);
    assertThat(reported).isNotNull();
    assertThat(reported.id()).isEqualTo("the|id#1 of it");
    assertThat(reported.report().fence()).isEqualTo(7);
    return reported.report();
  }

  private OutboxWork status(String forge) {
    return new OutboxWork(
        "the|id#1 of it",
        7,
        new CommitStatus(
            StatusState.WAITING,
            RUN,
            COMMIT,
            "refs/heads/main",
            "pipewright/shop",
            "Waiting for approval: ship",
            PAGE),
        new StatusTarget(forge, outside.address(), "team/shop", "ghp_token"),
        null,
        null);
  }

  private OutboxWork notification(NotificationTarget.Kind kind, @Nullable String url) {
    return new OutboxWork(
        "the|id#1 of it",
        7,
        null,
        null,
        new Notification(
            NotificationEvent.BROKE,
            RUN,
            1,
            new SourceName("shop"),
            "refs/heads/main",
            COMMIT,
            "shop#42 broke main: Failed in a & b",
            "ann",
            "Say <!channel> to everybody",
            PAGE,
            Instant.parse("2026-11-20T12:00:00Z")),
        new NotificationTarget("team", kind, url, SECRET, List.of(), null));
  }

  @Test
  void aStatusIsPostedAndReported() throws Exception {
    work.add(status("github"));

    Receiver.Got got = outside.next();

    assertThat(got.path()).isEqualTo("/repos/team/shop/statuses/" + COMMIT);
    assertThat(got.text("state")).isEqualTo("pending");
    assertThat(got.text("description")).isEqualTo("Waiting for approval: ship");
    assertThat(reported().result()).isEqualTo(Result.SENT);
  }

  @Test
  void whatIsNotTakenIsReportedWithTheReason() throws Exception {
    outside.says(503, "{\"message\":\"ghp_token is busy\"}", "Retry-After", "30");
    work.add(status("github"));
    OutboxReport later = reported();
    outside.says(401, "{\"message\":\"Bad credentials\"}");
    work.add(status("github"));
    OutboxReport refused = reported();

    assertThat(later.result()).isEqualTo(Result.RETRY);
    assertThat(later.retryAfterSeconds()).isEqualTo(30);
    assertThat(later.reason()).isEqualTo("127.0.0.1 answered 503: *** is busy");
    assertThat(refused.result()).isEqualTo(Result.REFUSED);
    assertThat(refused.reason()).isEqualTo("127.0.0.1 answered 401: Bad credentials");
  }

  @Test
  void aForgeThatCannotBeToldIsReported() throws Exception {
    work.add(status("gogs"));
    assertThat(reported().result()).isEqualTo(Result.REFUSED);
    work.add(status("gerrit"));
    assertThat(reported().reason()).contains("shows no status of refs/heads/main");
    work.add(status("something new"));
    assertThat(reported().result()).isEqualTo(Result.REFUSED);
    assertThat(outside.left()).isZero();
  }

  @Test
  void aChatGetsOneTextInWhichNobodyCanCallTheWholeChannel() throws Exception {
    work.add(notification(NotificationTarget.Kind.SLACK, outside.address() + "/services/T/B/X"));

    Receiver.Got got = outside.next();

    assertThat(got.path()).isEqualTo("/services/T/B/X");
    assertThat(got.text("text"))
        .startsWith(":red_circle: <" + PAGE + "|shop#42 broke main: Failed in a &amp; b>")
        .contains("aaaaaaaa Say &lt;!channel&gt; to everybody (ann)");
    assertThat(reported().result()).isEqualTo(Result.SENT);
  }

  @Test
  void aWebhookGetsSignedJsonThatNamesTheDelivery() throws Exception {
    String url = outside.address() + "/in?key=x";
    work.add(notification(NotificationTarget.Kind.WEBHOOK, url));
    Receiver.Got got = outside.next();
    outside.says(500, "");
    work.add(notification(NotificationTarget.Kind.WEBHOOK, url));
    Receiver.Got again = outside.next();

    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertThat(got.path()).isEqualTo("/in?key=x");
    assertThat(got.header("X-Pipewright-Signature-256"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(got.body())));
    assertThat(got.header("X-Pipewright-Event")).isEqualTo("broke");
    assertThat(got.header("X-Pipewright-Delivery"))
        .hasSize(32)
        .isEqualTo(again.header("X-Pipewright-Delivery"));
    assertThat(got.text("event")).isEqualTo("broke");
    assertThat(got.text("run")).isEqualTo("shop#42");
    assertThat(got.text("at")).isEqualTo("2026-11-20T12:00:00Z");
    assertThat(List.of(reported().result(), reported().result()))
        .containsExactlyInAnyOrder(Result.SENT, Result.RETRY);
  }

  @Test
  void aTargetThatIsNoneIsReportedWithoutItsUrl() throws Exception {
    work.add(notification(NotificationTarget.Kind.SLACK, "http://nowhere secret/url"));

    OutboxReport report = reported();

    assertThat(report.result()).isEqualTo(Result.REFUSED);
    assertThat(report.reason()).doesNotContain("secret/url");
  }
}
