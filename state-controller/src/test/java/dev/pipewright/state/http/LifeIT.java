package dev.pipewright.state.http;

import static dev.pipewright.state.Samples.DEPLOY;
import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.TESTS;
import static dev.pipewright.state.Samples.VERIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on, wait, and are tried again, over HTTP and on the embedded database. */
class LifeIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ParameterSpec WHERE =
      new ParameterSpec("where", ParameterSpec.Kind.CHOICE, "", List.of("east", "west"), null);

  private Path data;
  private Served server;
  private WorkClient work;
  private long seq;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    data = folder;
    server = Served.on(data);
    work = server.work("spawner-1");
    server.admin().post(Routes.SOURCES, Samples.source());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart() throws Exception {
    server.close();
    server = Served.on(data);
    work = server.work("spawner-1");
  }

  private LaunchOrder claim() {
    LaunchOrder order = work.claimRun(SOON).orElseThrow();
    work.launched(order.run(), new LaunchReport(order.fence(), "unit", "image"));
    seq = 0;
    return order;
  }

  private EngineClient engine(LaunchOrder order) {
    return server.engine(order.run(), order.token());
  }

  private void tell(LaunchOrder order, RunEvent... events) {
    List<EventEnvelope> batch = new ArrayList<>();
    for (RunEvent event : events) {
      seq++;
      batch.add(new EventEnvelope(seq, Instant.now(), event));
    }
    server
        .transport(order.token())
        .post(Routes.run(order.run(), "events"), new EventBatch(order.fence(), batch));
  }

  private static RunEvent asks(@Nullable Instant until) {
    return new RunEvent.StepWaiting(
        "deploy",
        DEPLOY,
        new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(WHERE), until));
  }

  private static RunEvent finish(StepPath path, Outcome outcome) {
    return new RunEvent.StepFinished(path, outcome, null, Map.of(), List.of());
  }

  private void exit(LaunchOrder order) {
    work.ended(
        order.run(), new LaunchEnd(order.fence(), LaunchEnd.Kind.EXITED, 5, "The engine ended."));
  }

  /** A run whose engine waits for a decision and has ended. */
  private LaunchOrder parked(@Nullable Instant until) {
    work.create(Samples.order("shop", "key"));
    LaunchOrder order = claim();
    tell(
        order,
        new RunEvent.RunStarted("1"),
        finish(LINT, Outcome.SUCCEEDED),
        finish(TESTS, Outcome.SUCCEEDED),
        finish(VERIFY, Outcome.SUCCEEDED),
        asks(until),
        new RunEvent.RunWaiting("Ship it?"));
    exit(order);
    return order;
  }

  private int decide(RunId run, Decision decision) throws Exception {
    return send(Routes.run(run, "decisions"), Served.ADMIN, decision).statusCode();
  }

  private HttpResponse<String> send(String path, String token, Object body) throws Exception {
    return server.send("POST", path, token, Json.text(body));
  }

  @Test
  void aDecisionIsTakenOverHttpAndReachesTheNextEngine() throws Exception {
    LaunchOrder first = parked(null);
    RunId run = first.run();
    assertThat(work.run(run).state()).isEqualTo(Phase.WAITING);
    assertThat(work.claimRun(Duration.ZERO)).isEmpty();
    assertThat(server.send("GET", "/metrics", null, null).body())
        .contains("pipewright_runs_waiting 1.0", "pipewright_runs_running 0.0");
    Decision blind = new Decision(DEPLOY, true, null, Map.of());
    Decision east = new Decision(DEPLOY, true, "go", Map.of("where", "east"));
    assertThat(send(Routes.run(run, "decisions"), first.token(), east).statusCode()).isEqualTo(403);
    assertThat(send(Routes.run(run, "decisions"), server.state().serviceToken(), east).statusCode())
        .isEqualTo(403);
    assertThat(decide(run, blind)).isEqualTo(400);
    assertThat(decide(run, new Decision(LINT, true, null, Map.of()))).isEqualTo(404);
    assertThat(decide(run, east)).isEqualTo(200);
    assertThat(decide(run, east)).isEqualTo(409);
    restart();
    LaunchOrder second = claim();
    List<Answer> answers = engine(second).assignment().answers();
    assertThat(answers)
        .singleElement()
        .satisfies(answer -> assertThat(answer.values()).containsEntry("where", "east"));
    assertThat(engine(second).renew(new Lease(second.fence())).answers()).isEqualTo(answers);
    assertThat(engine(second).history()).hasSize(6);
    tell(
        second,
        new RunEvent.RunResumed("1"),
        finish(DEPLOY, Outcome.SUCCEEDED),
        new RunEvent.RunFinished(Outcome.SUCCEEDED, null));
    assertThat(work.run(run).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(decide(run, east)).isEqualTo(409);
  }

  @Test
  void anArtifactIsSavedAndNeverShownAsAPageOfTheServer() throws Exception {
    work.create(Samples.order("shop", "key"));
    LaunchOrder order = claim();
    String evil = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    byte[] bytes = evil.getBytes(StandardCharsets.UTF_8);
    Artifact file = new Artifact("out/evil.svg", engine(order).store(bytes), bytes.length);
    tell(
        order,
        new RunEvent.RunStarted("1"),
        new RunEvent.StepFinished(LINT, Outcome.SUCCEEDED, null, Map.of(), List.of(file)));
    HttpResponse<String> answer =
        server.send("GET", Routes.run(order.run(), "artifacts/out/evil.svg"), null, null);
    assertThat(answer.body()).isEqualTo(evil);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy")).hasValue("sandbox");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename*=UTF-8''evil.svg");
  }

  @Test
  void aWaitEndsByItselfSoonAfterItsTime() {
    Instant until = Instant.now().plusMillis(1_500);
    LaunchOrder first = parked(until);
    LaunchOrder second = claim();
    Answer answer = engine(second).assignment().answers().getFirst();
    assertThat(second.run()).isEqualTo(first.run());
    assertThat(answer.verdict()).isEqualTo(Answer.Verdict.EXPIRED);
    assertThat(answer.at()).isBetween(until, until.plusSeconds(10));
  }

  @Test
  void whoWatchesTheStreamSeesARunWait() throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                server.admin().open(Routes.STREAM, "text/event-stream", SOON),
                StandardCharsets.UTF_8))) {
      parked(null);
      String line = untilWaiting(lines);
      assertThat(line).contains("\"forWhat\":\"Ship it?\"").contains("\"plan\":null");
    }
  }

  private static String untilWaiting(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ") && line.contains("\"state\":\"WAITING\",\"outcome\":null")) {
        return line;
      }
    }
    throw new AssertionError("The stream ended without a run that waits.");
  }

  @Test
  void anotherAttemptHasItsOwnStepsAndOutput() throws Exception {
    work.create(Samples.order("shop", "key"));
    LaunchOrder first = claim();
    RunId run = first.run();
    tell(first, new RunEvent.RunStarted("1"), new RunEvent.StepStarted(LINT, 1));
    engine(first).append(LINT, 1, 0, Samples.NOON, "one\n".getBytes(StandardCharsets.UTF_8));
    String rerun = Routes.run(run, "rerun");
    assertThat(send(rerun, Served.ADMIN, new RerunRequest(null, null)).statusCode()).isEqualTo(409);
    tell(first, finish(LINT, Outcome.FAILED), new RunEvent.RunFinished(Outcome.FAILED, null));
    exit(first);
    assertThat(send(rerun, server.state().serviceToken(), Map.of()).statusCode()).isEqualTo(403);
    assertThat(send(rerun, Served.ADMIN, new RerunRequest(DEPLOY, null)).body())
        .contains("the step 'verify' before it failed");
    RunSnapshot queued =
        Json.read(
            send(rerun, Served.ADMIN, new RerunRequest(null, "flaky")).body(), RunSnapshot.class);
    assertThat(queued.attempt()).isEqualTo(2);
    restart();
    LaunchOrder second = claim();
    assertThat(second.attempt()).isEqualTo(2);
    assertThatThrownBy(() -> engine(first).renew(new Lease(first.fence())))
        .isInstanceOf(ApiException.class);
    tell(second, new RunEvent.RunStarted("1", 2, null, "flaky"), new RunEvent.StepStarted(LINT, 1));
    engine(second).append(LINT, 2, 0, Samples.NOON, "two\n".getBytes(StandardCharsets.UTF_8));
    tell(second, finish(LINT, Outcome.SUCCEEDED));
    String log = Routes.log(run, LINT);
    assertThat(server.send("GET", log, null, null).body()).isEqualTo("two\n");
    assertThat(server.send("GET", log + "?attempt=2", null, null).body()).isEqualTo("two\n");
    assertThat(server.send("GET", log + "?attempt=1", null, null).body()).isEqualTo("one\n");
    assertThat(server.send("GET", log + "?attempt=3", null, null).statusCode()).isEqualTo(404);
    RunSnapshot past =
        Json.read(
            server.send("GET", Routes.run(run, "attempts/1"), null, null).body(),
            RunSnapshot.class);
    assertThat(past.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(past.steps())
        .filteredOn(step -> step.path().equals(LINT))
        .singleElement()
        .satisfies(step -> assertThat(step.logBytes()).isEqualTo(4));
    assertThat(server.send("GET", Routes.run(run, "attempts/9"), null, null).statusCode())
        .isEqualTo(404);
    assertThat(server.send("GET", Routes.run(run, "attempts/x"), null, null).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aUnitThatDiesIsReplacedAndItsEngineCanWriteNothing() throws Exception {
    work.create(Samples.order("shop", "key"));
    LaunchOrder first = claim();
    tell(first, new RunEvent.RunStarted("1"), new RunEvent.StepStarted(LINT, 1));
    work.ended(
        first.run(), new LaunchEnd(1, LaunchEnd.Kind.EXITED, 137, "The container was killed."));
    assertThat(work.run(first.run()).reason())
        .isEqualTo("The container was killed. (It is tried again, with launch 2.)");
    EventBatch late =
        new EventBatch(
            1, List.of(new EventEnvelope(3, Instant.now(), finish(LINT, Outcome.SUCCEEDED))));
    assertThatThrownBy(() -> engine(first).report(late))
        .satisfies(e -> assertThat(((ApiException) e).is(Problem.Code.FENCED)).isTrue());
    LaunchOrder second = claim();
    assertThatThrownBy(() -> engine(first).report(late))
        .satisfies(e -> assertThat(((ApiException) e).is(Problem.Code.FENCED)).isTrue());
    assertThatThrownBy(() -> engine(first).append(LINT, 1, 0, Samples.NOON, new byte[1]))
        .satisfies(e -> assertThat(((ApiException) e).is(Problem.Code.FENCED)).isTrue());
    assertThat(engine(second).assignment().resumed()).isTrue();
    assertThat(engine(second).history()).hasSize(2);
    assertThat(
            server
                .send(
                    "GET", Routes.run(first.run(), "history"), server.state().serviceToken(), null)
                .statusCode())
        .isEqualTo(403);
  }
}
