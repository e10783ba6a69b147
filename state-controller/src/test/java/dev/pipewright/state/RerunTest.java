package dev.pipewright.state;

import static dev.pipewright.state.Life.BUILD;
import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.holding;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.start;
import static dev.pipewright.state.Life.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.feed.Cctray;
import dev.pipewright.state.feed.Feeds;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another attempt of a run that is over. */
class RerunTest {
  private static final Artifact JAR =
      new Artifact("shop.jar", BlobDigest.of("jar".getBytes(StandardCharsets.UTF_8)), 3);

  private Life life;
  private RunId run = RunId.parse("shop#1");

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
  }

  private void failed(PlanStep... steps) {
    run = life.create(List.of(steps));
    life.claim();
    life.tell(begun());
  }

  private void ended(@Nullable Instant workspaceUntil) {
    LaunchOrder order =
        new LaunchOrder(run, 1, 1, "", Samples.SHOP, null, false, null, 1, false, null);
    life.cases
        .queue()
        .ended(run, new LaunchEnd(order.fence(), LaunchEnd.Kind.EXITED, 0, "done", workspaceUntil));
  }

  private void usual(@Nullable Instant workspaceUntil) {
    failed(leaf("build"), leaf("ship"));
    life.tell(
        start(BUILD),
        finish(BUILD, Outcome.SUCCEEDED),
        start(SHIP),
        finish(SHIP, Outcome.FAILED),
        over(Outcome.FAILED));
    ended(workspaceUntil);
  }

  private RunSnapshot again(@Nullable String from) {
    return life.cases
        .runs()
        .rerun(run, new RerunRequest(from == null ? null : new StepPath(from), "flaky"), "ann");
  }

  private void isRefused(@Nullable String from, String words) {
    assertThatThrownBy(() -> again(from))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.CONFLICT)).isTrue())
        .hasMessageContaining(words);
  }

  @Test
  void aFinishedRunIsRunOnceMoreInAFreshWorkspace() {
    usual(null);
    RunSnapshot queued = again(null);
    assertThat(queued.state()).isEqualTo(Phase.QUEUED);
    assertThat(queued.attempt()).isEqualTo(2);
    assertThat(queued.outcome()).isNull();
    assertThat(queued.startedAt()).isNull();
    assertThat(queued.reason()).isEqualTo("Run again by ann: flaky");
    assertThat(queued.attempts())
        .extracting(PastAttempt::attempt, PastAttempt::outcome)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(1, Outcome.FAILED));
    LaunchOrder order = life.claim();
    assertThat(order.attempt()).isEqualTo(2);
    assertThat(order.workspace()).isEqualTo(2);
    Assignment assignment = life.cases.reports().assignment(run, order.fence());
    assertThat(assignment.attempt()).isEqualTo(2);
    assertThat(assignment.resumed()).isTrue();
    assertThat(assignment.logEnds()).isEmpty();
    assertThat(assignment.from()).isNull();
    assertThat(assignment.reason()).contains("flaky");
    life.tell(begun(2, "flaky"), over(Outcome.SUCCEEDED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(life.cases.runs().attempt(run, 1).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(life.cases.runs().attempt(run, 2).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThatThrownBy(() -> life.cases.runs().attempt(run, 3))
        .hasMessageContaining("no attempt 3");
  }

  @Test
  void fromAStepTheWorkspaceIsKeptAndTheHistoryRead() {
    usual(life.now().plusSeconds(600));
    again("ship");
    LaunchOrder order = life.claim();
    assertThat(order.workspace()).isEqualTo(1);
    Assignment assignment = life.cases.reports().assignment(run, order.fence());
    assertThat(assignment.from()).isEqualTo(SHIP);
    assertThat(assignment.resumed()).isTrue();
    assertThat(assignment.logEnds()).isEmpty();
    assertThat(life.cases.reports().history(run, order.fence())).hasSize(6);
  }

  @Test
  void afterARerunFromAStepOneFromTheStartHasAWorkspaceOfItsOwn() {
    usual(life.now().plusSeconds(600));
    again("ship");
    LaunchOrder second = life.claim();
    life.tell(begun(2, null), over(Outcome.FAILED));
    life.cases
        .queue()
        .ended(run, new LaunchEnd(second.fence(), LaunchEnd.Kind.EXITED, 0, "done", null));
    again(null);
    assertThat(life.claim().workspace()).isEqualTo(3);
    assertThat(life.run().attempts()).extracting(PastAttempt::attempt).containsExactly(1, 2);
  }

  @Test
  void whatIsNotOverIsNotRunAgain() {
    failed(leaf("build"), leaf("ship"));
    isRefused(null, "is not finished");
    life.tell(over(Outcome.FAILED));
    ended(null);
    again(null);
    isRefused(null, "Attempt 2 of shop#1 is being made");
  }

  @Test
  void aStepThatIsNotThereIsNamed() {
    usual(life.now().plusSeconds(600));
    isRefused("shop", "has no step 'shop'");
  }

  @Test
  void everythingBeforeTheStepMustHaveAResult() {
    failed(leaf("build"), leaf("test"), leaf("ship"));
    life.tell(start(BUILD), finish(BUILD, Outcome.FAILED), over(Outcome.FAILED));
    ended(life.now().plusSeconds(600));
    isRefused("ship", "the step 'build' before it failed");
    assertThat(again("build").state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aStepThatWasNotReachedIsNoResult() {
    failed(leaf("build"), leaf("test"), leaf("ship"));
    life.tell(start(BUILD), finish(BUILD, Outcome.SUCCEEDED));
    life.pass(Duration.ofSeconds(1));
    life.tell(over(Outcome.CANCELLED));
    ended(life.now().plusSeconds(600));
    isRefused("ship", "the step 'test' before it was not run");
    assertThat(again("test").attempt()).isEqualTo(2);
  }

  @Test
  void aSkippedStepAndAnAllowedFailureAreResults() {
    PlanStep lint =
        new PlanStep(
            "sh", new StepPath("lint"), "", "", true, null, 1, List.of(), List.of(), List.of());
    failed(lint, leaf("build"), leaf("ship"));
    life.tell(finish(new StepPath("lint"), Outcome.FAILED), finish(BUILD, Outcome.SKIPPED));
    life.pass(Duration.ofSeconds(1));
    life.tell(finish(SHIP, Outcome.FAILED), over(Outcome.FAILED));
    ended(life.now().plusSeconds(600));
    assertThat(again("ship").attempt()).isEqualTo(2);
  }

  @Test
  void besideABranchTheOthersNeedNoResult() {
    failed(holding("inParallel", null, leaf("lint"), leaf("test")), leaf("ship"));
    life.tell(
        finish(new StepPath("lint"), Outcome.FAILED),
        finish(new StepPath("test"), Outcome.FAILED),
        over(Outcome.FAILED));
    ended(life.now().plusSeconds(600));
    isRefused("ship", "the step 'lint' before it failed");
    assertThat(again("test").attempt()).isEqualTo(2);
  }

  @Test
  void oneWinnerIsEnoughAndBranchesNotTakenCannotBeBegunAt() {
    failed(
        holding("anyOf", null, leaf("fast"), leaf("slow")),
        holding("choose", null, leaf("blue"), leaf("green")),
        leaf("ship"));
    life.tell(
        finish(new StepPath("fast"), Outcome.SUCCEEDED),
        finish(new StepPath("slow"), Outcome.CANCELLED),
        finish(new StepPath("blue"), Outcome.SUCCEEDED),
        finish(new StepPath("green"), Outcome.SKIPPED));
    life.pass(Duration.ofSeconds(1));
    life.tell(finish(SHIP, Outcome.FAILED), over(Outcome.FAILED));
    ended(life.now().plusSeconds(600));
    isRefused("green", "its branch was not taken");
    assertThat(again("ship").attempt()).isEqualTo(2);
  }

  @Test
  void stepsThatDependOnOthersCannotBeBegunAt() {
    failed(Life.ensured(leaf("build"), leaf("build/tidy")), holding("expand", "fan"));
    life.tell(
        new dev.pipewright.protocol.event.RunEvent.StepExpanded(
            new StepPath("fan"), List.of(leaf("fan/one"))),
        finish(BUILD, Outcome.SUCCEEDED),
        finish(new StepPath("fan/one"), Outcome.FAILED),
        over(Outcome.FAILED));
    ended(life.now().plusSeconds(600));
    isRefused("build/tidy", "only when another step is over");
    isRefused("fan/one", "made only while the run is going on");
    assertThat(again("fan").attempt()).isEqualTo(2);
  }

  @Test
  void withoutAWorkspaceTheStepsBeforeMustHaveKeptTheirFiles() {
    usual(life.now().plusSeconds(600));
    life.pass(Duration.ofMinutes(10));
    isRefused("ship", "its workspace is gone, and the step 'build' before it kept no files");
    assertThat(again("build").attempt()).isEqualTo(2);
  }

  @Test
  void withoutAWorkspaceKeptFilesDo() {
    failed(task("checkout", "checkout"), task("sh", "build", "*.jar"), leaf("ship"));
    life.tell(
        finish(new StepPath("checkout"), Outcome.SUCCEEDED),
        finish(BUILD, JAR),
        finish(SHIP, Outcome.FAILED),
        over(Outcome.FAILED));
    ended(null);
    again("ship");
    LaunchOrder order = life.claim();
    assertThat(life.cases.reports().mayRead(run, JAR.digest())).isTrue();
    assertThat(order.attempt()).isEqualTo(2);
  }

  @Test
  void aFormerResultStaysUntilThereIsAnother() {
    Feeds feeds =
        new Feeds(
            life.cases.pipelines(),
            id -> life.cases.runs().snapshot(id).steps(),
            new Cctray(URI.create("http://ci.example"), false));
    life.cases.listen(feeds);
    usual(null);
    again(null);
    PipelineName shop = new PipelineName("shop");
    PipelineView during = life.cases.pipelines().view(shop);
    assertThat(during.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(during.state()).isEqualTo(Phase.QUEUED);
    assertThat(during.current()).isNotNull();
    assertThat(feed(feeds))
        .contains("lastBuildLabel=\"1\"", "lastBuildStatus=\"Failure\"", "activity=\"Building\"");
    life.claim();
    life.tell(begun(2, null), over(Outcome.SUCCEEDED));
    PipelineView after = life.cases.pipelines().view(shop);
    assertThat(after.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(after.brokenBy()).isNull();
    assertThat(after.recent()).hasSize(1);
    assertThat(feed(feeds))
        .contains("lastBuildLabel=\"1.2\"", "lastBuildStatus=\"Success\"", "activity=\"Sleeping\"");
    assertThat(life.cases.runs().list(shop, 10, null).items())
        .singleElement()
        .satisfies(shown -> assertThat(shown.attempt()).isEqualTo(2));
    assertThat(life.cases.runs().list(10, null).items()).hasSize(1);
  }

  private static String feed(Feeds feeds) {
    return new String(feeds.all(Feeds.Selection.USUAL).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aCancelledRerunLeavesTheResultAlone() {
    usual(null);
    again(null);
    life.cases.runs().cancel(run, "ann", null);
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(life.cases.pipelines().view(new PipelineName("shop")).outcome())
        .isEqualTo(Outcome.FAILED);
  }

  @Test
  void aRerunThatIsQueuedIsThereAfterARestart() throws IOException {
    usual(null);
    life.pass(Duration.ofHours(1));
    life.cases.sweep();
    again(null);
    life.restart();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    assertThat(life.run().attempt()).isEqualTo(2);
    assertThat(life.claim().attempt()).isEqualTo(2);
    life.restart();
    life.tell(begun(2, null), over(Outcome.SUCCEEDED));
    life.restart();
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(life.cases.runs().attempt(run, 1).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void theLaunchOfAFormerAttemptCanWriteNothing() {
    usual(null);
    again(null);
    EventBatch late =
        new EventBatch(1, List.of(new EventEnvelope(7, life.now(), over(Outcome.SUCCEEDED))));
    assertThatThrownBy(() -> life.cases.reports().report(run, late))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.FENCED)).isTrue());
    life.claim();
    assertThatThrownBy(() -> life.cases.reports().report(run, late))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.FENCED)).isTrue());
  }

  @Test
  void aRerunWaitsForTheUnitOfTheAttemptBefore() throws Exception {
    failed(leaf("build"), leaf("ship"));
    life.tell(over(Outcome.FAILED));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<RunSnapshot> rerun = threads.submit(() -> again(null));
      ended(null);
      assertThat(rerun.get().attempt()).isEqualTo(2);
    }
  }
}
