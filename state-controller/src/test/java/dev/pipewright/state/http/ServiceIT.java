package dev.pipewright.state.http;

import static dev.pipewright.state.Samples.DEPLOY;
import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.LockAnswer;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretValues;
import dev.pipewright.protocol.api.SecretView;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepNeeds;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs ask for while they go on, over HTTP and on the embedded database. */
class ServiceIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Path data;
  private Served server;
  private WorkClient work;
  private int keys;

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

  private static Plan plan(String pipeline, StepNeeds needs) {
    PlanStep deploy =
        new PlanStep("sh", DEPLOY, "", "", false, null, 1, List.of(), List.of(), List.of(), needs);
    return new Plan(
        new PipelineName(pipeline),
        "ShopPipeline",
        List.of(),
        null,
        List.of(deploy, Samples.leaf(LINT)));
  }

  private static StepNeeds secrets(String... names) {
    return new StepNeeds(List.of(names), List.of(), null, List.of(), List.of(), false);
  }

  private NewRun order(Plan plan, Cause cause) {
    keys++;
    NewRun sample = Samples.order(plan.pipeline().value(), "key " + keys);
    return Samples.planned(plan, sample).with(cause);
  }

  private LaunchOrder launched(NewRun order) {
    RunSnapshot unused = work.create(order);
    LaunchOrder launch = work.claimRun(SOON).orElseThrow();
    work.launched(launch.run(), new LaunchReport(launch.fence(), "unit", null));
    return launch;
  }

  private LaunchOrder running(String pipeline, StepNeeds needs) {
    return begun(launched(order(plan(pipeline, needs), new Cause("push", "ann", null, null))));
  }

  private LaunchOrder begun(LaunchOrder launch) {
    report(launch, began(1), began(2, DEPLOY));
    return launch;
  }

  private void report(LaunchOrder launch, EventEnvelope... events) {
    Object unused =
        engine(launch)
            .post(
                Routes.run(launch.run(), "events"),
                new EventBatch(launch.fence(), List.of(events)));
  }

  private HttpTransport engine(LaunchOrder run) {
    return server.transport(run.token());
  }

  private <T> T ask(LaunchOrder run, String action, Object body, Class<T> type) {
    return Json.read(engine(run).post(Routes.run(run.run(), action), body).body(), type);
  }

  private int status(String method, String path, @Nullable String token, @Nullable Object body)
      throws Exception {
    return server.send(method, path, token, body == null ? null : Json.text(body)).statusCode();
  }

  private List<Answer> answers(LaunchOrder run) {
    return Json.read(engine(run).get(Routes.run(run.run(), "assignment")).body(), Assignment.class)
        .answers();
  }

  @Test
  void aLockGoesFromRunToRunAlsoOverARestart() throws Exception {
    LaunchOrder one = running("shop", StepNeeds.NONE);
    LaunchOrder two = running("shop", StepNeeds.NONE);
    LockRequest wish = new LockRequest(1, "prod uction/x", "deploy");
    assertThat(ask(one, "locks", wish, LockAnswer.class).granted()).isTrue();
    LockAnswer waiting = ask(two, "locks", wish, LockAnswer.class);
    assertThat(waiting).isEqualTo(new LockAnswer(false, 0, "shop#1", 0));
    report(
        two,
        Samples.event(
            3,
            new RunEvent.StepWaiting(
                "deploy", DEPLOY, new Wait(Wait.Kind.LOCK, "x", List.of(), List.of(), null))),
        Samples.event(4, new RunEvent.RunWaiting("the lock x")));
    assertThat(work.run(two.run()).state()).isEqualTo(Phase.WAITING);
    restart();
    engine(one).post(Routes.run(one.run(), "locks/release"), wish);
    assertThat(answers(two))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.verdict()).isEqualTo(Answer.Verdict.GRANTED);
              assertThat(answer.values()).containsEntry("grant", "2");
            });
    Page<LockView> locks =
        Json.read(server.admin().get(Routes.LOCKS).body(), new Json.Generic<Page<LockView>>() {});
    assertThat(locks.items())
        .singleElement()
        .satisfies(lock -> assertThat(lock.owner()).isNotNull());
    String release = Routes.LOCKS + "/prod%20uction%2Fx/release";
    assertThat(status("POST", release, two.token(), null)).isEqualTo(403);
    assertThat(status("POST", release, Served.ADMIN, null)).isEqualTo(200);
    assertThat(status("POST", release, Served.ADMIN, null)).isEqualTo(404);
    assertThat(status("POST", Routes.run(one.run(), "locks"), two.token(), wish)).isEqualTo(403);
    LockRequest late = new LockRequest(7, "x", "deploy");
    assertThat(status("POST", Routes.run(one.run(), "locks"), one.token(), late)).isEqualTo(409);
  }

  @Test
  void aSecretReachesTheStepAndNothingThatIsStored() throws Exception {
    SecretSpec spec = new SecretSpec("KEY", "hunter22-swordfish", Samples.SHOP);
    assertThat(status("POST", Routes.SECRETS, Served.ADMIN, spec)).isEqualTo(201);
    assertThat(status("POST", Routes.SECRETS, server.state().serviceToken(), spec)).isEqualTo(403);
    LaunchOrder run = running("shop", secrets("KEY"));
    SecretsRequest wish = new SecretsRequest(1, DEPLOY, List.of("KEY"));
    assertThat(ask(run, "secrets", wish, SecretValues.class).values())
        .containsEntry("KEY", "hunter22-swordfish");
    assertThat(status("POST", Routes.run(run.run(), "secrets"), Served.ADMIN, wish)).isEqualTo(200);
    append(run, 0, "key hunter22-");
    restart();
    append(run, 13, "swordfish\nbase64 aHVudGVyMjItc3dvcmRmaXNo\n");
    report(
        run,
        Samples.event(
            3,
            new RunEvent.StepFinished(
                DEPLOY,
                Outcome.FAILED,
                "it said hunter22-swordfish",
                Map.of("out", "\"hunter22-swordfish\""),
                List.of())),
        ended(4, Outcome.FAILED));
    String log = server.send("GET", Routes.log(run.run(), DEPLOY), Served.ADMIN, null).body();
    assertThat(log).isEqualTo("key ******************\nbase64 ************************\n");
    for (String path :
        List.of(Routes.run(run.run(), ""), Routes.run(run.run(), "events"), Routes.PIPELINES)) {
      assertThat(server.send("GET", path, Served.ADMIN, null).body()).doesNotContain("hunter22");
    }
    Page<SecretView> all =
        Json.read(
            server.admin().get(Routes.SECRETS).body(), new Json.Generic<Page<SecretView>>() {});
    assertThat(all.items()).extracting(SecretView::usedBy).containsExactly(run.run());
    assertThat(status("DELETE", Routes.SECRETS + "/KEY?source=shop", Served.ADMIN, null))
        .isEqualTo(204);
    assertThat(status("DELETE", Routes.SECRETS + "/KEY", Served.ADMIN, null)).isEqualTo(404);
    assertThat(status("GET", Routes.SECRETS, null, null)).isEqualTo(401);
  }

  private void append(LaunchOrder run, long offset, String text) {
    server
        .engine(run.run(), run.token())
        .append(DEPLOY, 1, offset, Samples.NOON, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRunWithoutItsSecretsEndsAtOnce() {
    RunSnapshot run =
        work.create(
            order(plan("shop", secrets("B_KEY", "A_KEY")), new Cause("push", null, null, null)));
    assertThat(run.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(run.reason())
        .contains("The secrets A_KEY, B_KEY are not known.")
        .contains("pipewright secrets set A_KEY")
        .contains("pipewright secrets set B_KEY");
    assertThat(work.claimRun(Duration.ZERO)).isEmpty();
  }

  @Test
  void aRunStartsAnotherOneAndLearnsOfItsEnd() throws Exception {
    LaunchOrder shop = running("shop", StepNeeds.NONE);
    DownstreamRequest wish =
        new DownstreamRequest(1, "ship it", new PipelineName("ship"), Map.of(), true);
    assertThat(status("POST", Routes.run(shop.run(), "downstream"), shop.token(), wish))
        .isEqualTo(202);
    DeliveryWork delivery = work.claimDelivery(SOON).orElseThrow();
    LaunchOrder ship =
        begun(
            launched(
                order(
                    plan("ship", StepNeeds.NONE),
                    new Cause("manual", "shop#1", null, delivery.id()))));
    work.finishDelivery(
        delivery.id(), new DeliveryDone(delivery.fence(), List.of(ship.run()), null));
    assertThat(work.run(ship.run()).cause().kind()).isEqualTo("pipeline");
    assertThat(answers(shop)).isEmpty();
    restart();
    report(ship, ended(3, Outcome.SUCCEEDED));
    assertThat(answers(shop))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.verdict()).isEqualTo(Answer.Verdict.ENDED);
              assertThat(answer.values())
                  .isEqualTo(Map.of("run", "ship#1", "outcome", "SUCCEEDED"));
            });
  }

  @Test
  void aCacheIsForThePipelineAndNobodyElse() throws Exception {
    LaunchOrder one = running("shop", StepNeeds.NONE);
    byte[] bytes = "jars".repeat(500_000).getBytes(StandardCharsets.UTF_8);
    BlobDigest blob = server.engine(one.run(), one.token()).store(bytes);
    CacheEntry entry = new CacheEntry(1, "maven", blob, bytes.length);
    assertThat(status("POST", Routes.run(one.run(), "caches"), one.token(), entry)).isEqualTo(204);
    LaunchOrder two = running("shop", StepNeeds.NONE);
    CacheAnswer found =
        Json.read(
            engine(two).get(Routes.run(two.run(), "caches") + "?key=maven").body(),
            CacheAnswer.class);
    assertThat(found.blob()).isEqualTo(blob);
    assertThat(server.engine(two.run(), two.token()).blob(blob)).isEqualTo(bytes);
    LaunchOrder other = running("other", StepNeeds.NONE);
    assertThat(status("GET", Routes.blob(blob), other.token(), null)).isEqualTo(403);
    assertThat(status("GET", Routes.run(two.run(), "caches"), two.token(), null)).isEqualTo(400);
  }

  @Test
  void theTestsOfARunAndTheirHistoryCanBeRead() throws Exception {
    LaunchOrder run = running("shop", StepNeeds.NONE);
    TestCounts counts = new TestCounts(0, 1, 0, 0, 2);
    TestReport report =
        new TestReport(
            counts,
            List.of(
                new TestReport.Case("Cart", "pays", TestReport.Result.FAILED, 2, "no money", null)),
            0);
    BlobDigest blob = server.engine(run.run(), run.token()).store(Json.bytes(report));
    report(
        run,
        Samples.event(3, new RunEvent.TestsFound(DEPLOY, counts, blob)),
        ended(4, Outcome.FAILED));
    assertThat(server.send("GET", Routes.run(run.run(), "tests"), null, null).body())
        .contains("\"no money\"")
        .contains("\"failed\":1");
    assertThat(
            server
                .send("GET", Routes.PIPELINES + "/shop/tests?suite=Cart&name=pays", null, null)
                .body())
        .contains("\"FAILED\"")
        .contains("shop#1");
    assertThat(status("GET", Routes.PIPELINES + "/shop/tests?suite=Cart", null, null))
        .isEqualTo(400);
    String tests = Routes.run(run.run(), "tests");
    assertThat(server.send("GET", tests + "?attempt=1", null, null).body()).contains("no money");
    assertThat(status("GET", tests + "?attempt=2", null, null)).isEqualTo(404);
    assertThat(status("GET", Routes.run(RunId.parse("shop#99"), "tests"), null, null))
        .isEqualTo(404);
  }

  @Test
  void aContainerIsWishedClaimedReportedAndEnded() throws Exception {
    LaunchOrder run = running("shop", StepNeeds.NONE);
    SideRequest wish = new SideRequest(1, "db/1", "db", "postgres:17", List.of());
    assertThat(ask(run, "sides", wish, SideView.class).state()).isEqualTo(SideView.State.WANTED);
    assertThat(server.work("another").claimSide(Duration.ZERO)).isEmpty();
    SideWork claimed = work.claimSide(SOON).orElseThrow();
    assertThat(claimed.order()).isEqualTo(SideWork.Order.START);
    restart();
    work.sideReported(
        run.run(), new SideReport(1, "db/1", SideView.State.RUNNING, null, null, null));
    SideView view =
        Json.read(
            engine(run)
                .get(Routes.run(run.run(), "sides") + "?key=db%2F1&known=STARTING&wait=5000", SOON)
                .body(),
            SideView.class);
    assertThat(view.state()).isEqualTo(SideView.State.RUNNING);
    engine(run).post(Routes.run(run.run(), "sides/end"), new SideEnd(1, "db/1"));
    assertThat(work.claimSide(SOON).map(SideWork::order)).contains(SideWork.Order.STOP);
    work.sideReported(
        run.run(), new SideReport(1, "db/1", SideView.State.ENDED, 0, "stopped", null));
    assertThat(work.claimSide(Duration.ZERO)).isEmpty();
    assertThat(status("POST", Routes.SIDES_CLAIM + "?holder=x", run.token(), List.of()))
        .isEqualTo(403);
    report(run, ended(3, Outcome.SUCCEEDED));
    assertThat(status("GET", Routes.run(run.run(), "sides") + "?key=db%2F1", run.token(), null))
        .isEqualTo(404);
  }
}
