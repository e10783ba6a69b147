package dev.pipewright.state;

import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;
import static dev.pipewright.state.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.MemoryStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The use cases on a clock that tests move. */
class UseCasesTest {
  private static final Duration NOW = Duration.ZERO;

  private final AtomicReference<Instant> time = new AtomicReference<>(Samples.NOON);
  private MemoryStorage storage;
  private Path folder;
  private UseCases cases;

  @BeforeEach
  void open(@TempDir Path data) throws IOException {
    folder = data;
    storage = new MemoryStorage(data);
    cases = open();
    cases.sources().register(Samples.source());
  }

  private UseCases open() throws IOException {
    return new UseCases(
        StateConfig.of(folder, URI.create("http://ci.example"), "admin-token"), storage, time::get);
  }

  private void pass(Duration duration) {
    time.updateAndGet(now -> now.plus(duration));
  }

  private LaunchOrder claim(String key) {
    cases.runs().create(Samples.order("shop", key));
    return cases.queue().claim("spawner", NOW).orElseThrow();
  }

  private void finish(String key, String ref, Outcome outcome) {
    cases.runs().create(Samples.order("shop", key, ref));
    LaunchOrder order = cases.queue().claim("spawner", NOW).orElseThrow();
    cases
        .reports()
        .report(order.run(), new EventBatch(order.fence(), List.of(began(1), ended(2, outcome))));
  }

  @Test
  void aRunNobodyHearsOfIsTakenFromItsLaunch() {
    LaunchOrder order = claim("k1");
    cases.queue().launched(order.run(), new LaunchReport(1, "unit", null));
    cases.reports().report(order.run(), new EventBatch(1, List.of(began(1), began(2, LINT))));
    pass(Duration.ofSeconds(89));
    cases.sweep();
    assertThat(cases.runs().snapshot(order.run()).state()).isEqualTo(Phase.RUNNING);
    pass(Duration.ofSeconds(2));
    cases.sweep();
    RunSnapshot run = cases.runs().snapshot(order.run());
    assertThat(run.state()).isEqualTo(Phase.QUEUED);
    assertThat(run.reason()).startsWith("nothing was heard");
  }

  @Test
  void aRunThatWasOnlyClaimedGoesBackToTheQueue() {
    LaunchOrder order = claim("k1");
    pass(Duration.ofSeconds(91));
    cases.sweep();
    assertThat(cases.queue().claim("other", NOW).orElseThrow().fence())
        .isEqualTo(order.fence() + 1);
  }

  @Test
  void leasesHaveFreshGraceAfterARestart() throws IOException {
    LaunchOrder order = claim("k1");
    cases.reports().report(order.run(), new EventBatch(1, List.of(began(1))));
    pass(Duration.ofHours(1));
    cases = open();
    cases.sweep();
    assertThat(cases.runs().snapshot(order.run()).state()).isEqualTo(Phase.RUNNING);
    assertThat(cases.tokens().identify(order.token())).isPresent();
  }

  @Test
  void aRunTokenDiesFiveMinutesAfterItsRun() {
    LaunchOrder order = claim("k1");
    cases
        .reports()
        .report(order.run(), new EventBatch(1, List.of(began(1), ended(2, Outcome.SUCCEEDED))));
    cases.queue().ended(order.run(), new LaunchEnd(1, LaunchEnd.Kind.EXITED, 0, "done"));
    pass(Duration.ofMinutes(4));
    cases.sweep();
    assertThat(cases.tokens().identify(order.token())).isPresent();
    pass(Duration.ofMinutes(2));
    cases.sweep();
    assertThat(cases.tokens().identify(order.token())).isEmpty();
    assertThat(cases.runs().snapshot(order.run()).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aPipelineNameBelongsToTheSourceThatUsedItFirst() {
    SourceName other = new SourceName("other");
    cases
        .sources()
        .register(new SourceSpec(other, "https://git.example/other.git", null, null, null, null));
    cases.runs().create(Samples.order("shop", "k1"));
    NewRun stolen = Samples.from(other, Samples.order("shop", "k2"));
    assertThatThrownBy(() -> cases.runs().create(stolen))
        .hasMessageContaining("belongs to the source 'shop'");
  }

  @Test
  void cancelledRunsAndOtherBranchesDoNotChangeWhatAPipelineShows() throws IOException {
    finish("k1", "refs/heads/main", Outcome.SUCCEEDED);
    finish("k2", "refs/heads/wip", Outcome.FAILED);
    finish("k3", "refs/heads/main", Outcome.CANCELLED);
    PipelineView view = cases.pipelines().view(new PipelineName("shop"));
    assertThat(view.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(view.recent()).extracting(PipelineView.Recent::number).containsExactly(1L, 3L);
    finish("k4", "refs/heads/main", Outcome.FAILED);
    finish("k5", "refs/heads/main", Outcome.ERRORED);
    cases = open();
    PipelineView broken = cases.pipelines().view(new PipelineName("shop"));
    assertThat(broken.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(broken.brokenBy()).isEqualTo("ann");
    assertThat(broken.state()).isEqualTo(Phase.FINISHED);
  }

  @Test
  void historyIsPagedNewestFirst() {
    for (int i = 1; i <= 7; i++) {
      finish("k" + i, "refs/heads/main", Outcome.SUCCEEDED);
    }
    Page<RunSnapshot> first = cases.runs().list(new PipelineName("shop"), 3, null);
    Page<RunSnapshot> second = cases.runs().list(new PipelineName("shop"), 3, first.next());
    assertThat(first.items()).extracting(RunSnapshot::number).containsExactly(7L, 6L, 5L);
    assertThat(second.items()).extracting(RunSnapshot::number).containsExactly(4L, 3L, 2L);
    Page<RunSnapshot> all = cases.runs().list(2, null);
    Page<RunSnapshot> over = cases.runs().list(2, all.next());
    assertThat(over.items()).extracting(RunSnapshot::number).containsExactly(5L, 4L);
  }

  @Test
  void historyCanBeFilteredByStateAndRef() {
    finish("k1", "refs/heads/main", Outcome.TIMED_OUT);
    finish("k2", "refs/heads/main", Outcome.SUCCEEDED);
    finish("k3", "refs/heads/dev", Outcome.FAILED);
    PipelineName shop = new PipelineName("shop");
    RunFilter broken = new RunFilter("broken", "main", null, "ANN");
    Page<RunSnapshot> found = cases.runs().list(shop, broken, 1, null);
    assertThat(found.items()).extracting(RunSnapshot::number).containsExactly(1L);
    assertThat(found.next()).isNull();
    assertThat(cases.runs().list(broken, 9, null).items()).hasSize(1);
    RunFilter signedIn = new RunFilter("broken", "main", null, "oidc:ann");
    assertThat(cases.runs().list(signedIn, 9, null).items()).hasSize(1);
    assertThatThrownBy(() -> new RunFilter("red", null, null, null)).hasMessageContaining("'red'");
  }

  @Test
  void aDeliveryIsOfferedAgainWhenItsClaimRunsOut() throws IOException {
    cases.deliveries().receive(Samples.receipt("d1", Verdict.BUILD));
    cases.deliveries().receive(Samples.receipt("d2", Verdict.IGNORED));
    DeliveryWork first = cases.deliveries().claim(NOW).orElseThrow();
    assertThat(cases.deliveries().claim(NOW)).isEmpty();
    pass(Duration.ofSeconds(61));
    DeliveryWork second = cases.deliveries().claim(NOW).orElseThrow();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.fence()).isGreaterThan(first.fence());
    cases = open();
    assertThat(cases.deliveries().claim(NOW).orElseThrow().id()).isEqualTo("shop.d1");
  }

  @Test
  void rejectedDeliveriesAreBoundedAndKeepNoIdOfTheirSender() {
    for (int i = 0; i < 120; i++) {
      cases.deliveries().receive(Samples.receipt("same", Verdict.REJECTED));
    }
    var all = cases.deliveries().list(null, 200, null).items();
    assertThat(all).hasSize(100);
    assertThat(all).allSatisfy(found -> assertThat(found.changes()).isEmpty());
  }

  private VersionAnswer ask(@Nullable CommitId commit) {
    return cases
        .versions()
        .resolve(new VersionRequest(Samples.SHOP, "refs/heads/main", commit), NOW);
  }

  private void answer(VersionAnswer.State state, @Nullable String key) {
    VersionWork work = cases.versions().claim(NOW).orElseThrow();
    cases
        .versions()
        .resolved(
            new VersionResolved(
                work.id(),
                work.fence(),
                new VersionAnswer(
                    state,
                    null,
                    "refs/heads/main",
                    Samples.COMMIT,
                    key,
                    null,
                    List.of(),
                    null,
                    null)));
  }

  @Test
  void whatIsKnownOfACommitIsRememberedAndOfAHeadNot() throws IOException {
    cases.versions().store(Samples.version("v1"));
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(VersionAnswer.State.READY, "v1");
    assertThat(cases.versions().claim(NOW)).isEmpty();
    assertThat(ask(Samples.COMMIT).versionKey()).isEqualTo("v1");
    cases = open();
    assertThat(ask(Samples.COMMIT).versionKey()).isEqualTo("v1");
    assertThat(ask(null).state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(VersionAnswer.State.READY, "v1");
    assertThat(ask(null).state()).isEqualTo(VersionAnswer.State.READY);
    assertThat(ask(null).state()).isEqualTo(VersionAnswer.State.PENDING);
  }

  @Test
  void aPassingFailureMayBeAskedAgainAfterFiveSeconds() {
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(VersionAnswer.State.FAILED, null);
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.FAILED);
    pass(Duration.ofSeconds(6));
    cases.sweep();
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(VersionAnswer.State.FAILED, "v1");
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.FAILED);
    pass(Duration.ofDays(1));
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.FAILED);
  }

  @Test
  void secretsComeBackOnlyToServicesAndAreKeptSealed() throws IOException {
    assertThat(cases.sources().withSecret(Samples.SHOP).secret()).isEqualTo("s3cret");
    storage
        .shelf("sources", SourceRecord.class)
        .forEach((id, record) -> assertThat(record.toString()).doesNotContain("s3cret"));
    cases = open();
    assertThat(cases.sources().withSecret(Samples.SHOP).secret()).isEqualTo("s3cret");
  }

  @Test
  void aSourceOfAForgeNeedsASecretAndKeepsItsUrl() {
    SourceName hub = new SourceName("hub");
    assertThatThrownBy(
            () ->
                cases
                    .sources()
                    .register(
                        new SourceSpec(
                            hub, "https://git.example/a.git", "github", null, null, null)))
        .hasMessageContaining("needs a secret");
    assertThatThrownBy(
            () ->
                cases
                    .sources()
                    .register(
                        new SourceSpec(
                            Samples.SHOP, "https://git.example/b.git", null, null, null, null)))
        .hasMessageContaining("another URL");
  }

  @Test
  void aHalfMadeRunIsMendedAtTheNextStart() throws IOException {
    RunId id = RunId.parse("shop#1");
    RunRecord half = Records.queued("shop#1");
    storage.shelf("openRuns", RunBook.Pointer.class).insert("shop#1", new RunBook.Pointer(id));
    storage.shelf("runs", RunRecord.class).insert("shop#1", half);
    cases = open();
    assertThat(cases.queue().claim("spawner", NOW).orElseThrow().run()).isEqualTo(id);
    assertThat(cases.runs().create(half.order()).fresh()).isFalse();
  }

  @Test
  void aPageBeyondTheNewestRunIsTheFirstPage() {
    finish("k1", "refs/heads/main", Outcome.SUCCEEDED);
    PipelineName shop = new PipelineName("shop");
    String far = Long.toString(Long.MAX_VALUE);
    assertThat(cases.runs().list(shop, 1, far).items()).hasSize(1);
    assertThat(cases.runs().list(new PipelineName("nothing"), 1, far).items()).isEmpty();
  }

  @Test
  void whatAnEngineSaysOfTheTimeIsBelievedOnlyNearTheClock() {
    LaunchOrder order = claim("k1");
    EventEnvelope early = new EventEnvelope(1, Instant.MIN, began(1).event());
    EventEnvelope late = new EventEnvelope(2, Instant.MAX, ended(2, Outcome.SUCCEEDED).event());
    cases.reports().report(order.run(), new EventBatch(1, List.of(early, late)));
    RunSnapshot run = cases.runs().snapshot(order.run());
    assertThat(run.startedAt()).isEqualTo(Samples.NOON);
    assertThat(run.finishedAt()).isEqualTo(Samples.NOON);
    pass(Duration.ofHours(1));
    cases.sweep();
    assertThat(cases.tokens().identify(order.token())).isEmpty();
  }

  @Test
  void aRunOfTooManyStepsIsRefusedAndCanStillBeEnded() {
    LaunchOrder order = claim("k1");
    cases.reports().report(order.run(), new EventBatch(1, List.of(began(1))));
    List<EventEnvelope> flood =
        IntStream.range(2, 1_000)
            .mapToObj(seq -> began(seq, new StepPath("made-" + seq + "-" + "x".repeat(180))))
            .toList();
    cases.reports().report(order.run(), new EventBatch(1, flood));
    List<EventEnvelope> more =
        IntStream.range(1_000, 3_000)
            .mapToObj(seq -> began(seq, new StepPath("made-" + seq)))
            .toList();
    assertThatThrownBy(() -> cases.reports().report(order.run(), new EventBatch(1, more)))
        .hasMessageContaining("at most 2,000 steps");
    EventEnvelope chatty =
        event(
            1_000,
            new RunEvent.StepFinished(
                LINT, Outcome.FAILED, "x".repeat(4_000_000), Map.of(), List.of()));
    assertThatThrownBy(
            () -> cases.reports().report(order.run(), new EventBatch(1, List.of(chatty))))
        .hasMessageContaining("at most 4,000,000 characters");
    cases
        .queue()
        .ended(order.run(), new LaunchEnd(1, LaunchEnd.Kind.OOM, 4, "The engine gave up."));
    assertThat(cases.runs().snapshot(order.run()).outcome()).isEqualTo(Outcome.ERRORED);
  }

  @Test
  void anotherFolderOfASourceIsAskedForAnew() {
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
    answer(VersionAnswer.State.READY, "v1");
    assertThat(ask(Samples.COMMIT).versionKey()).isEqualTo("v1");
    cases
        .sources()
        .register(
            new SourceSpec(Samples.SHOP, "https://git.example/shop.git", null, null, "ci", "main"));
    assertThat(ask(Samples.COMMIT).state()).isEqualTo(VersionAnswer.State.PENDING);
  }
}
