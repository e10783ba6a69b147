package dev.pipewright.state.http;

import static dev.pipewright.state.Samples.DEPLOY;
import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.SHOP;
import static dev.pipewright.state.Samples.TESTS;
import static dev.pipewright.state.Samples.VERIFY;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.Samples;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole State-Controller over HTTP, on its embedded database. */
class StateControllerIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Path data;
  private Served server;
  private WorkClient work;

  @BeforeEach
  void serve(@TempDir Path folder) throws Exception {
    data = folder;
    server = Served.on(data);
    work = server.work("spawner-1");
    server.admin().post(Routes.SOURCES, Samples.source());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private void restart() throws Exception {
    server.close();
    server = Served.on(data);
    work = server.work("spawner-1");
  }

  private LaunchOrder launched(String key) {
    work.create(Samples.order("shop", key));
    LaunchOrder order = work.claimRun(SOON).orElseThrow();
    work.launched(order.run(), new LaunchReport(order.fence(), "unit-" + order.run(), "image"));
    return order;
  }

  private EngineClient engine(LaunchOrder order) {
    return server.engine(order.run(), order.token());
  }

  @Test
  void aRunGoesItsWholeWay() throws Exception {
    LaunchOrder order = launched("k1");
    assertThat(order.run()).isEqualTo(RunId.parse("shop#1"));
    EngineClient engine = engine(order);
    assertThat(engine.assignment().checkoutPath()).isEqualTo("/git/shop");
    engine.report(new EventBatch(1, List.of(began(1), began(2, VERIFY), began(3, LINT))));
    engine.append(LINT, 1, 0, Samples.NOON, "hello\n".getBytes(StandardCharsets.UTF_8));
    RunSnapshot running = work.run(order.run());
    assertThat(running.state()).isEqualTo(Phase.RUNNING);
    assertThat(work.imagesKept().images()).as("of runs that go on").containsExactly("image");
    assertThat(running.plan()).isNotNull();
    assertThat(running.steps())
        .filteredOn(step -> step.path().equals(LINT))
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.state()).isEqualTo(Phase.RUNNING);
              assertThat(step.logBytes()).isEqualTo(6);
            });
    Control end =
        engine.report(
            new EventBatch(
                1,
                List.of(
                    ended(4, LINT, Outcome.SUCCEEDED),
                    ended(5, TESTS, Outcome.SKIPPED),
                    ended(6, VERIFY, Outcome.SUCCEEDED),
                    began(7, DEPLOY),
                    ended(8, DEPLOY, Outcome.FAILED),
                    ended(9, Outcome.FAILED))));
    assertThat(end.finished()).isTrue();
    assertThat(work.run(order.run()).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(work.claimed())
        .containsExactly(new Claimed(order.run(), 1, "unit-shop#1", true, true));
    work.ended(order.run(), new LaunchEnd(1, LaunchEnd.Kind.EXITED, 0, "ended"));
    assertThat(work.claimed()).isEmpty();
    thenTheFeedHasGroups();
    assertThat(server.send("GET", "/cctray.xml", null, null).body())
        .contains("name=\"shop\" activity=\"Sleeping\" lastBuildStatus=\"Failure\"")
        .contains("webUrl=\"http://ci.example/runs/shop%231\"")
        .contains("text=\"ann\"");
    restart();
    RunSnapshot later = work.run(order.run());
    assertThat(later.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(server.send("GET", "/cctray.xml", null, null).body()).contains("Failure");
    assertThat(server.send("GET", Routes.log(order.run(), LINT), null, null).body())
        .isEqualTo("hello\n");
    assertThat(Json.tree(server.admin().get(Routes.run(order.run(), "events")).body()).elements())
        .hasSize(9);
  }

  @Test
  void eventsSurviveARestartInTheMiddleOfARun() throws Exception {
    LaunchOrder order = launched("k1");
    engine(order).report(new EventBatch(1, List.of(began(1), began(2, VERIFY))));
    engine(order).report(new EventBatch(1, List.of(began(3, LINT))));
    engine(order).report(new EventBatch(1, List.of(ended(4, LINT, Outcome.SUCCEEDED))));
    restart();
    RunSnapshot run = work.run(order.run());
    assertThat(run.steps())
        .filteredOn(step -> step.path().equals(LINT))
        .singleElement()
        .satisfies(step -> assertThat(step.outcome()).isEqualTo(Outcome.SUCCEEDED));
    engine(order).report(new EventBatch(1, List.of(ended(5, Outcome.SUCCEEDED))));
    assertThat(work.run(order.run()).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void repeatedEventsArePassedOverAndGapsAndOldLaunchesRefused() {
    LaunchOrder order = launched("k1");
    EngineClient engine = engine(order);
    EventBatch first = new EventBatch(1, List.of(began(1), began(2, LINT)));
    engine.report(first);
    long version = work.run(order.run()).version();
    engine.report(first);
    assertThat(work.run(order.run()).version()).isEqualTo(version);
    assertThatThrownBy(
            () -> engine.report(new EventBatch(1, List.of(ended(4, LINT, Outcome.SUCCEEDED)))))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("3 is the next");
    EventBatch last = new EventBatch(1, List.of(ended(3, Outcome.SUCCEEDED)));
    engine.report(last);
    assertThat(engine.report(last).finished()).isTrue();
    assertThatThrownBy(
            () -> engine.report(new EventBatch(1, List.of(ended(4, LINT, Outcome.FAILED)))))
        .hasMessageContaining("finished");
    assertThatThrownBy(() -> engine.report(new EventBatch(2, List.of(began(1)))))
        .satisfies(e -> assertThat(((ApiException) e).is(Problem.Code.FENCED)).isTrue());
  }

  @Test
  void aRunThatWasGivenBackIsLaunchedAgainAndItsOldEngineFenced() {
    LaunchOrder first = launched("k1");
    work.requeue(first.run(), new Lease(first.fence()));
    LaunchOrder second = work.claimRun(SOON).orElseThrow();
    assertThat(second.fence()).isEqualTo(2);
    assertThatThrownBy(() -> engine(first).report(new EventBatch(1, List.of(began(1)))))
        .satisfies(e -> assertThat(((ApiException) e).is(Problem.Code.FENCED)).isTrue());
    engine(second).report(new EventBatch(2, List.of(began(1))));
    assertThatThrownBy(() -> work.requeue(second.run(), new Lease(2)))
        .hasMessageContaining("has begun");
  }

  @Test
  void aUnitThatHasTooLittleMemoryEndsItsRunWithTheReason() {
    LaunchOrder order = launched("k1");
    engine(order).report(new EventBatch(1, List.of(began(1), began(2, LINT))));
    work.ended(order.run(), new LaunchEnd(1, LaunchEnd.Kind.OOM, 137, "It was out of memory."));
    RunSnapshot run = work.run(order.run());
    assertThat(run.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(run.reason()).isEqualTo("It was out of memory.");
    assertThat(run.steps())
        .extracting(step -> step.path() + " " + step.outcome())
        .contains("verify/lint ERRORED", "verify/tests SKIPPED", "deploy SKIPPED");
  }

  @Test
  void aNewRunOfWhichNobodySaysWhereItComesFromIsForeignAndHeld() throws Exception {
    String known = Json.text(Samples.order("shop", "k1"));
    String body = known.substring(0, known.indexOf(",\"origin\":")) + "}";

    HttpResponse<String> made =
        server.send("POST", Routes.RUNS, server.state().serviceToken(), body);

    assertThat(made.statusCode()).isEqualTo(201);
    RunSnapshot run = Json.read(made.body(), RunSnapshot.class);
    assertThat(run.origin()).isEqualTo(Origin.UNKNOWN);
    assertThat(run.state()).isEqualTo(Phase.WAITING);
    assertThat(work.claimRun(Duration.ZERO)).isEmpty();
  }

  @Test
  void cancellingAQueuedRunEndsItAndARunningOneIsTold() throws Exception {
    LaunchOrder running = launched("k1");
    engine(running).report(new EventBatch(1, List.of(began(1))));
    server.admin().post(Routes.run(running.run(), "cancel"), Map.of("reason", "not needed"));
    Control control = engine(running).renew(new Lease(1));
    assertThat(control.cancelReason()).isEqualTo("not needed");
    assertThat(control.finished()).isFalse();
    work.ended(running.run(), new LaunchEnd(1, LaunchEnd.Kind.STOPPED, null, "stopped"));
    assertThat(work.run(running.run()).outcome()).isEqualTo(Outcome.CANCELLED);
    RunSnapshot queued = work.create(Samples.order("shop", "k2"));
    server.admin().post(Routes.run(queued.id(), "cancel"), Map.of());
    assertThat(work.run(queued.id()).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(work.claimRun(Duration.ZERO)).isEmpty();
    HttpResponse<String> again =
        server.send("POST", Routes.run(queued.id(), "cancel"), Served.ADMIN, "{}");
    assertThat(again.statusCode()).isEqualTo(409);
  }

  @Test
  void fiftyEqualDeliveriesAtOnceAreOne() throws Exception {
    List<DeliveryAccepted> answers =
        atOnce(50, () -> work.deliver(Samples.receipt("d-1", Verdict.BUILD)));
    assertThat(answers).extracting(DeliveryAccepted::id).containsOnly("shop.d-1");
    assertThat(answers).filteredOn(answer -> !answer.duplicate()).hasSize(1);
    DeliveryWork found = work.claimDelivery(SOON).orElseThrow();
    assertThat(work.claimDelivery(Duration.ZERO)).isEmpty();
    work.finishDelivery(
        found.id(), new DeliveryDone(found.fence(), List.of(RunId.parse("shop#1")), null));
    restart();
    assertThat(work.claimDelivery(Duration.ZERO)).isEmpty();
    assertThat(work.deliver(Samples.receipt("d-1", Verdict.BUILD)).duplicate()).isTrue();
    assertThat(server.send("GET", "/api/v1/deliveries/d-1", null, null).body())
        .contains("\"state\":\"DONE\"");
  }

  @Test
  void aPersonMayHaveADeliveryReplayedAndAServiceMayNot() throws Exception {
    String id = work.deliver(Samples.receipt("d-1", Verdict.BUILD)).id();
    DeliveryWork found = work.claimDelivery(SOON).orElseThrow();
    work.renewDelivery(id, found.fence());
    work.finishDelivery(id, new DeliveryDone(found.fence(), List.of(), null));
    String path = Routes.DELIVERIES + "/" + id + "/replay";
    assertThat(server.send("POST", path, server.state().serviceToken(), "{}").statusCode())
        .isEqualTo(403);
    assertThat(server.send("POST", path, Served.ADMIN, "{}").body())
        .contains("\"state\":\"RECEIVED\"");
    assertThat(work.claimDelivery(SOON).orElseThrow().id()).isEqualTo(id);
  }

  @Test
  void aBuilderLooksAtTheRefsOfASource() {
    LookWork look = work.claimLook(SOON).orElseThrow();
    assertThat(look.source().name()).isEqualTo(Samples.SHOP);
    work.lookDone(new LookDone(Samples.SHOP, look.fence(), List.of(), null, null));
    assertThat(work.claimLook(Duration.ZERO)).isEmpty();
  }

  @Test
  void twentyClaimsAtOnceGetEachRunOnce() throws Exception {
    for (int i = 0; i < 15; i++) {
      work.create(Samples.order("shop", "k" + i));
    }
    List<Optional<LaunchOrder>> claims = atOnce(20, () -> work.claimRun(Duration.ofMillis(200)));
    Set<RunId> distinct = new HashSet<>();
    List<RunId> all = new ArrayList<>();
    for (Optional<LaunchOrder> claim : claims) {
      claim.ifPresent(
          order -> {
            distinct.add(order.run());
            all.add(order.run());
          });
    }
    assertThat(all).hasSize(15);
    assertThat(distinct).hasSize(15);
  }

  @Test
  void equalOrdersAtOnceAreOneRun() throws Exception {
    List<RunSnapshot> runs = atOnce(30, () -> work.create(Samples.order("shop", "same")));
    assertThat(runs).extracting(RunSnapshot::id).containsOnly(RunId.parse("shop#1"));
  }

  private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> calls = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        calls.add(threads.submit(call));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : calls) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  @Test
  void aWaitingClaimIsWokenAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<LaunchOrder>> claim = threads.submit(() -> work.claimRun(SOON));
      work.create(Samples.order("shop", "k1"));
      long from = System.nanoTime();
      assertThat(claim.get()).isPresent();
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SOON.dividedBy(2));
    }
  }

  private void thenTheFeedHasGroups() throws Exception {
    assertThat(server.send("GET", "/cctray.xml?group=nobody", null, null).body())
        .doesNotContain("<Project ");
    assertThat(server.send("GET", "/cctray.xml?group=shop", null, null).body())
        .contains("<Project ");
  }

  @Test
  void aManualStartReachesTheSpawner() {
    server
        .admin()
        .post(
            Routes.STARTS,
            new ManualStart(
                new PipelineName("shop"), SHOP, null, null, Map.of("a", "b"), "not me"));
    DeliveryWork found = work.claimDelivery(SOON).orElseThrow();
    assertThat(found.manual()).isNotNull();
    assertThat(found.manual().by()).isNotEqualTo("not me");
    assertThat(found.parameters()).containsEntry("a", "b");
    assertThat(found.changes()).isEmpty();
  }

  @Test
  void blobsAreStoredUnderTheirContentOnly() throws Exception {
    byte[] content = "some bytes".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    BlobDigest digest = work.store(content);
    assertThat(work.blob(digest)).isEqualTo(content);
    assertThat(
            server
                .send("PUT", Routes.blob(digest), server.state().serviceToken(), "other")
                .statusCode())
        .isEqualTo(400);
    assertThat(server.send("GET", Routes.blob(digest), null, null).statusCode()).isEqualTo(401);
  }
}
