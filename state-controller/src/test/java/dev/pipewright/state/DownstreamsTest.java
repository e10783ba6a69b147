package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Bench.Given;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownstreamsTest {
  private Bench bench;
  private Downstreams downstreams;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    downstreams = fresh();
  }

  private Downstreams fresh() {
    UseCases cases = bench.cases;
    Downstreams made =
        new Downstreams(
            bench.storage,
            cases.deliveries(),
            cases.pipelines(),
            cases.services().live(),
            bench::give,
            bench.clock());
    cases.listen(made);
    return made;
  }

  private DeliveryAccepted start(LaunchOrder run, String pipeline, String key) {
    return downstreams.start(
        run.run(),
        new DownstreamRequest(
            run.fence(), key, new PipelineName(pipeline), Map.of("to", "x"), true));
  }

  private DeliveryWork claim() {
    return bench.cases.deliveries().claim(Duration.ZERO).orElseThrow();
  }

  private LaunchOrder planned(DeliveryWork work, String pipeline) {
    NewRun sample = bench.order(Samples.plan(pipeline), work.source());
    ManualStart manual = Objects.requireNonNull(work.manual());
    LaunchOrder launched =
        bench.running(
            new NewRun(
                sample.key(),
                sample.source(),
                sample.ref(),
                sample.commit(),
                new Cause("manual", manual.by(), null, work.id()),
                sample.versionKey(),
                sample.bundle(),
                sample.plan(),
                work.parameters(),
                null,
                false,
                null,
                Origin.TRUSTED));
    done(work, List.of(launched.run()), null);
    return launched;
  }

  private void done(DeliveryWork work, List<RunId> runs, @Nullable String problem) {
    bench.cases.deliveries().done(work.id(), new DeliveryDone(work.fence(), runs, problem));
  }

  @Test
  void itIsPlannedLikeAWishOfAPersonOnTheSameCommit() {
    LaunchOrder shop = bench.running();
    DeliveryAccepted accepted = start(shop, "ship", "ship it");
    DeliveryWork work = claim();
    assertThat(work.id()).isEqualTo(accepted.id());
    assertThat(work.manual())
        .isEqualTo(
            new ManualStart(
                new PipelineName("ship"),
                Samples.SHOP,
                "refs/heads/main",
                Samples.COMMIT.value(),
                Map.of("to", "x"),
                "shop#1",
                null,
                Origin.TRUSTED));
    LaunchOrder ship = planned(work, "ship");
    assertThat(bench.cases.runs().snapshot(ship.run()).cause())
        .isEqualTo(new Cause("pipeline", "shop#1", null, work.id()));
    assertThat(bench.given).isEmpty();
    bench.report(ship, Samples.ended(2, Outcome.FAILED));
    assertThat(bench.given)
        .singleElement()
        .satisfies(
            given -> {
              assertThat(given.run()).isEqualTo(shop.run());
              assertThat(given.answer().key()).isEqualTo("ship it");
              assertThat(given.answer().verdict()).isEqualTo(Answer.Verdict.ENDED);
              assertThat(given.answer().values())
                  .isEqualTo(Map.of("run", "ship#1", "outcome", "FAILED"));
            });
  }

  @Test
  void theSameWishIsStartedOnceAlsoOverARestart() throws Exception {
    LaunchOrder shop = bench.running();
    DeliveryAccepted first = start(shop, "ship", "ship it");
    assertThat(first.duplicate()).isFalse();
    assertThat(start(shop, "ship", "ship it").duplicate()).isTrue();
    bench.restart();
    downstreams = fresh();
    DeliveryAccepted again = start(shop, "ship", "ship it");
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.duplicate()).isTrue();
    assertThat(start(shop, "ship", "another key").duplicate()).isFalse();
    LaunchOrder ship = planned(claim(), "ship");
    assertThat(start(shop, "ship", "ship it").duplicate()).isTrue();
    assertThat(ship.run()).isEqualTo(RunId.parse("ship#1"));
  }

  @Test
  void aPipelineOfAnotherSourceRunsOnItsDefaultBranch() {
    LaunchOrder depot = bench.running(bench.order(Samples.plan("depot"), Bench.OTHER));
    LaunchOrder shop = bench.running();
    start(shop, depot.run().pipeline().value(), "restock");
    ManualStart wish = claim().manual();
    assertThat(wish).isNotNull();
    assertThat(wish.source()).isEqualTo(Bench.OTHER);
    assertThat(wish.ref()).isNull();
    assertThat(wish.commit()).isNull();
  }

  @Test
  void whatCannotBePlannedFailsWithTheProblem() {
    LaunchOrder shop = bench.running();
    start(shop, "ship", "ship it");
    done(claim(), List.of(), "The pipeline 'ship' is not started by hand.");
    assertThat(bench.given)
        .extracting(Given::answer)
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.verdict()).isEqualTo(Answer.Verdict.FAILED);
              assertThat(answer.note()).isEqualTo("The pipeline 'ship' is not started by hand.");
            });
  }

  @Test
  void whatIsNotAwaitedGetsNoAnswer() {
    LaunchOrder shop = bench.running();
    downstreams.start(
        shop.run(), new DownstreamRequest(1, "ship it", new PipelineName("ship"), Map.of(), false));
    LaunchOrder ship = planned(claim(), "ship");
    bench.finish(ship, 2);
    assertThat(bench.given).isEmpty();
  }

  @Test
  void aCrashBetweenTheEndAndTheAnswerLosesNothing() throws Exception {
    LaunchOrder shop = bench.running();
    LaunchOrder ship = bench.running(Samples.plan("ship"));
    bench.finish(ship, 2);
    DownstreamRecord left =
        new DownstreamRecord(
            shop.run(), 1, "ship it", true, "shop.x", true, List.of(ship.run()), null);
    bench.storage.shelf("downstreams", DownstreamRecord.class).put(left.id(), left);
    Wait wait = new Wait(Wait.Kind.RUN, "ship", List.of(), List.of(), null);
    bench.report(
        shop,
        Samples.event(2, new RunEvent.StepWaiting("ship it", Samples.DEPLOY, wait)),
        Samples.event(3, new RunEvent.RunWaiting("ship")));
    bench.restart();
    assertThat(answers(shop)).isEmpty();
    bench.cases.sweep();
    assertThat(answers(shop))
        .singleElement()
        .satisfies(
            answer -> {
              assertThat(answer.verdict()).isEqualTo(Answer.Verdict.ENDED);
              assertThat(answer.values()).containsEntry("outcome", "SUCCEEDED");
            });
  }

  private List<Answer> answers(LaunchOrder run) {
    return bench.cases.services().live().record(run.run()).attempt().told().answers();
  }

  @Test
  void whatARunHasStartedIsForgottenWithIt() {
    LaunchOrder shop = bench.running();
    start(shop, "ship", "ship it");
    bench.finish(shop, 2);
    downstreams.sweep();
    assertThat(bench.storage.shelf("downstreams", DownstreamRecord.class).find("shop#1|1|ship it"))
        .isEmpty();
    assertThatThrownBy(() -> start(shop, "ship", "again")).hasMessageContaining("is finished");
  }

  @Test
  void runsThatStartEachOtherInACircleEnd() {
    LaunchOrder last = bench.running();
    for (int i = 1; i < 20; i++) {
      start(last, "shop", "again");
      last = planned(claim(), "shop");
    }
    LaunchOrder deepest = last;
    assertThatThrownBy(() -> start(deepest, "shop", "again"))
        .hasMessageContaining("20 runs have started each other in a row");
  }

  @Test
  void pipelineCodeStartsNothing() {
    LaunchOrder code = bench.running(bench.order(Samples.plan("code"), Samples.SHOP, true));
    assertThatThrownBy(() -> start(code, "ship", "ship it"))
        .hasMessageContaining("builds pipeline code starts no pipelines");
  }
}
