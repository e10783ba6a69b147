package dev.pipewright.state;

import static dev.pipewright.state.Samples.DEPLOY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Concurrency;
import dev.pipewright.protocol.run.Concurrency.Superseded;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SupersedingTest {
  private static final String MAIN = "refs/heads/main";

  @TempDir private Path folder;
  private Life life;
  private int keys;
  private String delivery = "shop.1";

  @BeforeEach
  void open() throws IOException {
    life = new Life(folder);
  }

  private NewRun order(String kind, String ref, @Nullable Integer atMost, Superseded superseded) {
    keys++;
    NewRun usual = Samples.order("shop", "key " + keys, ref);
    Plan plan =
        new Plan(
            usual.plan().pipeline(),
            "ShopPipeline",
            List.of(),
            null,
            List.of(Life.leaf("deploy")),
            new Concurrency(atMost, superseded));
    return Samples.planned(plan, usual).with(new Cause(kind, "ann", "Add a shelf", delivery));
  }

  private RunId change(String kind, String ref) {
    return create(order(kind, ref, null, Superseded.CANCELLED));
  }

  private RunId push() {
    return change("push", MAIN);
  }

  private RunId create(NewRun order) {
    return life.cases.runs().create(order).run().id();
  }

  private RunSnapshot run(RunId id) {
    return life.cases.runs().snapshot(id);
  }

  private void isSupersededBy(RunId old, RunId newer) {
    assertThat(run(old).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(run(old).reason()).isEqualTo("superseded by " + newer);
  }

  private void approve(RunId id) {
    life.cases.answers().decide(id, new Decision(DEPLOY, true, null, Map.of()), "ann");
  }

  @Test
  void aQueuedRunIsCancelledByTheNextPushOfItsBranch() {
    RunId first = push();
    RunId second = push();
    RunId third = push();

    isSupersededBy(first, second);
    isSupersededBy(second, third);
    assertThat(run(third).state()).isEqualTo(Phase.QUEUED);
    assertThat(life.claim().run()).isEqualTo(third);
    assertThat(life.hasWork()).isFalse();
  }

  private RunId pushOf(String deliveryId) {
    delivery = "shop." + deliveryId;
    return push();
  }

  @Test
  void aChangeThatIsPlannedLateSupersedesNoneThatCameAfterIt() {
    for (String id : List.of("old", "new", "newest")) {
      Object unused = life.cases.deliveries().receive(Samples.receipt(id, Verdict.BUILD));
    }
    RunId second = pushOf("new");
    RunId late = pushOf("old");

    isSupersededBy(late, second);
    assertThat(run(second).state()).isEqualTo(Phase.QUEUED);

    RunId third = pushOf("newest");
    isSupersededBy(second, third);
  }

  @Test
  void aRunThatIsUnderWayIsToldToEndAndSaysWhy() {
    RunId first = push();
    LaunchOrder launch = life.claim();
    life.tell(Life.begun(), Life.start(DEPLOY));
    RunId second = push();

    assertThat(life.cases.reports().renew(first, new Lease(launch.fence())).cancelledBy())
        .isEqualTo(second.toString());
    life.tell(
        Life.finish(DEPLOY, Outcome.CANCELLED),
        new RunEvent.RunFinished(Outcome.CANCELLED, "cancelled by somebody"));
    isSupersededBy(first, second);
  }

  @Test
  void otherBranchesAndOtherKindsOfChangesAreNoneOfItsBusiness() {
    RunId main = push();
    RunId other = change("push", "refs/heads/other");
    RunId pull = change("pull_request", "refs/pull/7/head");
    RunId samePull = change("pull_request", MAIN);

    assertThat(List.of(main, other, pull, samePull))
        .allMatch(id -> run(id).state() == Phase.QUEUED);
  }

  @Test
  void aNewPatchSetSupersedesTheOneBefore() {
    RunId first = change("pull_request", "refs/changes/34/1234/1");
    RunId other = change("pull_request", "refs/changes/34/1334/1");
    RunId second = change("pull_request", "refs/changes/34/1234/2");

    isSupersededBy(first, second);
    assertThat(run(other).state()).isEqualTo(Phase.QUEUED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"manual", "pipeline"})
  void whatSomebodyHasAskedForIsNotSupersededAndSupersedesNothing(String kind) {
    RunId asked = change(kind, MAIN);
    RunId pushed = push();
    RunId again = change(kind, MAIN);

    assertThat(List.of(asked, pushed, again)).allMatch(id -> run(id).state() == Phase.QUEUED);
  }

  @Test
  void aRunThatAPersonRanAgainIsNotSuperseded() {
    RunId first = push();
    RunId unused = push();
    Object again = life.cases.runs().rerun(first, new RerunRequest(null, null), "ann");
    RunId third = push();

    assertThat(again).isNotNull();
    assertThat(run(first).state()).isEqualTo(Phase.QUEUED);
    isSupersededBy(unused, third);
  }

  private RunId waiting() {
    RunId id = push();
    LaunchOrder unused = life.claim();
    life.tell(Life.begun(), Life.start(DEPLOY), Life.asks(DEPLOY, null), Life.parked());
    life.exit();
    assertThat(run(id).state()).isEqualTo(Phase.WAITING);
    assertThat(unused.run()).isEqualTo(id);
    return id;
  }

  @Test
  void aRunThatWaitsForAPersonIsSparedAlsoAfterThePersonHasSaidYes() throws IOException {
    RunId first = waiting();
    RunId second = push();
    assertThat(run(first).state()).isEqualTo(Phase.WAITING);

    approve(first);
    RunId third = push();
    life.restart();

    assertThat(run(first).state()).isEqualTo(Phase.QUEUED);
    isSupersededBy(second, third);
  }

  @Test
  void evenARunThatWaitsIsCancelledIfThePipelineSaysSo() {
    RunId first = waiting();
    RunId second = create(order("push", MAIN, null, Superseded.CANCELLED_EVEN_WAITING));

    isSupersededBy(first, second);
  }

  @Test
  void theNewestVersionOfThePipelineDecides() {
    RunId first = push();
    RunId second = create(order("push", MAIN, null, Superseded.KEPT));

    assertThat(run(first).state()).isEqualTo(Phase.QUEUED);
    assertThat(run(second).state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aCrashBetweenARunAndWhatItSupersedesIsMendedAtTheNextStart(@TempDir Path each)
      throws IOException {
    int deaths = 0;
    for (int fatal = 1; fatal < 20; fatal++) {
      for (boolean made : List.of(true, false)) {
        Bench bench = new Bench(each.resolve(fatal + " " + made));
        RunId first =
            bench.cases.runs().create(order("push", MAIN, null, Superseded.CANCELLED)).run().id();
        NewRun newer = order("push", MAIN, null, Superseded.CANCELLED);
        CrashingStorage mortal = new CrashingStorage(bench.storage, fatal, made);
        bench.restart(mortal);
        try {
          Object unused = bench.cases.runs().create(newer);
          assertThat(unused).isNotNull();
        } catch (StoreException e) {
          assertThat(mortal.isDead()).isTrue();
        }
        deaths += mortal.isDead() ? 1 : 0;
        bench.restart();
        RunId second = bench.cases.runs().create(newer).run().id();

        RunSnapshot old = bench.cases.runs().snapshot(first);
        assertThat(old.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(old.reason()).isEqualTo("superseded by " + second);
      }
    }
    assertThat(deaths).isGreaterThan(8);
  }

  @Test
  void oneAtATimeHoldsForAllSpawnersAndOverARestart() throws IOException {
    RunId first = create(order("push", MAIN, 1, Superseded.KEPT));
    RunId second = create(order("push", MAIN, 1, Superseded.KEPT));
    LaunchOrder launch = life.claim();
    assertThat(launch.run()).isEqualTo(first);
    assertThat(claimBy("other")).isEmpty();

    life.restart();
    assertThat(claimBy("other")).isEmpty();
    life.tell(Life.begun(), Life.over(Outcome.SUCCEEDED));

    assertThat(claimBy("other")).map(LaunchOrder::run).contains(second);
  }

  private Optional<LaunchOrder> claimBy(String holder) {
    return life.cases.queue().claim(holder, Duration.ZERO);
  }

  @Test
  void aRunThatWaitsForAPersonLeavesItsPlaceAndQueuesAgainBeforeLaterOnes() {
    RunId first = create(order("push", MAIN, 1, Superseded.KEPT));
    RunId second = create(order("push", MAIN, 1, Superseded.KEPT));
    RunId third = create(order("push", MAIN, 1, Superseded.KEPT));
    LaunchOrder unused = life.claim();
    life.tell(Life.begun(), Life.start(DEPLOY), Life.asks(DEPLOY, null), Life.parked());
    life.exit();
    assertThat(unused.run()).isEqualTo(first);

    assertThat(life.claim().run()).isEqualTo(second);
    approve(first);
    assertThat(claimBy("other")).isEmpty();
    life.tell(Life.begun(), Life.over(Outcome.SUCCEEDED));

    assertThat(claimBy("other")).map(LaunchOrder::run).contains(first);
    assertThat(run(third).state()).isEqualTo(Phase.QUEUED);
  }
}
