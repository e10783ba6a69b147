package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryState;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.RemoteRef;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at refs that tests make up, on a clock that tests move. */
class ReconcilerTest {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String MAIN = "refs/heads/main";
  private static final CommitId A = new CommitId("a".repeat(40));
  private static final CommitId B = new CommitId("b".repeat(40));
  private static final CommitId C = new CommitId("c".repeat(40));

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
  }

  private Reconciler reconciler() {
    return bench.cases.reconciler();
  }

  private static RemoteRef ref(String name, CommitId commit) {
    return new RemoteRef(name, commit, null);
  }

  /** Looks at the shop, wherever else there is to look. */
  private void look(RemoteRef... refs) {
    boolean seen = false;
    for (LookWork work : claimAll()) {
      boolean shop = work.source().name().equals(Samples.SHOP);
      reconciler().done(found(work, shop ? List.of(refs) : List.of()));
      seen |= shop;
    }
    assertThat(seen).isTrue();
  }

  private List<LookWork> claimAll() {
    List<LookWork> all = new ArrayList<>();
    Optional<LookWork> work = reconciler().claim(NOW);
    while (work.isPresent()) {
      all.add(work.get());
      work = reconciler().claim(NOW);
    }
    return all;
  }

  private static LookDone found(LookWork work, List<RemoteRef> refs) {
    return new LookDone(work.source().name(), work.fence(), refs, null, null);
  }

  private void lookLater(RemoteRef... refs) {
    bench.pass(INTERVAL);
    look(refs);
    bench.pass(INTERVAL);
    look(refs);
  }

  private List<DeliveryView> deliveries() {
    return bench.cases.deliveries().list(null, 100, null).items();
  }

  private void hook(RefChange change) {
    Object unused =
        bench
            .cases
            .deliveries()
            .receive(
                new DeliveryReceipt(
                    Samples.SHOP, null, "push", Verdict.BUILD, "Pushed.", List.of(change)));
  }

  private static RefChange push(CommitId commit) {
    return new RefChange(ChangeKind.PUSH, MAIN, commit, "ann", null, null);
  }

  @Test
  void theFirstLookOnlyNotesWhatIsThere() {
    look(ref(MAIN, A), ref("refs/tags/v1", B));
    lookLater(ref(MAIN, A), ref("refs/tags/v1", B));
    assertThat(deliveries()).isEmpty();
    assertThat(reconciler().looks()).isPositive();
    assertThat(reconciler().missed()).isZero();
  }

  @Test
  void aCommitNobodyToldOfBecomesADeliveryOnceItIsOldEnough() {
    look(ref(MAIN, A));
    bench.pass(INTERVAL);
    look(ref(MAIN, B));
    assertThat(deliveries()).isEmpty();
    bench.pass(GRACE.minusSeconds(1));
    assertThat(claimAll()).isEmpty();
    bench.pass(Duration.ofSeconds(1));
    look(ref(MAIN, B));
    DeliveryView made = deliveries().getFirst();
    assertThat(made.event()).isEqualTo("reconcile");
    assertThat(made.reason()).startsWith("No webhook told of this change");
    assertThat(made.changes())
        .containsExactly(new RefChange(ChangeKind.PUSH, MAIN, B, null, null, null));
    assertThat(reconciler().missed()).isEqualTo(1);
    lookLater(ref(MAIN, B));
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void aCommitThatAWebhookToldOfIsNoGap() {
    look(ref(MAIN, A));
    bench.pass(INTERVAL);
    hook(push(B));
    look(ref(MAIN, B));
    lookLater(ref(MAIN, B));
    assertThat(deliveries()).hasSize(1);
    assertThat(reconciler().missed()).isZero();
  }

  @Test
  void aCommitWhoseDeliveryWasGivenUpIsFoundByTheNextLook() throws IOException {
    look(ref(MAIN, A));
    hook(push(B));
    Deliveries deliveries = bench.cases.deliveries();
    for (int attempt = 0; attempt < 3; attempt++) {
      DeliveryWork work = deliveries.claim(NOW).orElseThrow();
      deliveries.done(
          work.id(),
          new DeliveryDone(work.fence(), List.of(), "No ref.", DeliveryDone.Result.ABSENT));
      bench.pass(Duration.ofMinutes(3));
    }
    assertThat(deliveries().getFirst().state()).isEqualTo(DeliveryState.FAILED);
    bench.restart();
    lookLater(ref(MAIN, B));
    assertThat(deliveries()).hasSize(2);
    assertThat(deliveries().getFirst().event()).isEqualTo("reconcile");
  }

  @Test
  void aBranchOfAMergeQueueIsAMergeGroup() {
    SourceSpec usual = Samples.source();
    bench
        .cases
        .sources()
        .register(new SourceSpec(usual.name(), usual.url(), "github", "s3cret", null, "main"));
    look(ref(MAIN, A));
    String queue = "refs/heads/gh-readonly-queue/main/pr-7-" + A;
    lookLater(ref(MAIN, A), ref(queue, B));
    assertThat(deliveries().getFirst().changes())
        .containsExactly(
            new RefChange(ChangeKind.MERGE_GROUP, queue, B, null, null, "main", A, null, null));
  }

  @Test
  void aWebhookThatComesWithinTheGraceIsNotMissed() throws IOException {
    look(ref(MAIN, A));
    bench.pass(INTERVAL);
    look(ref(MAIN, B));
    hook(push(B));
    bench.restart();
    bench.pass(GRACE);
    look(ref(MAIN, B));
    lookLater(ref(MAIN, B));
    assertThat(deliveries()).hasSize(1);
    assertThat(reconciler().missed()).isZero();
  }

  @Test
  void newBranchesAndTagsAreFoundAndDeletedOnesForgotten() {
    look(ref(MAIN, A), ref("refs/heads/old", A));
    lookLater(ref(MAIN, A), ref("refs/heads/new", B), new RemoteRef("refs/tags/v1", B, C));
    assertThat(deliveries())
        .flatExtracting(DeliveryView::changes)
        .containsExactlyInAnyOrder(
            new RefChange(ChangeKind.PUSH, "refs/heads/new", B, null, null, null),
            new RefChange(ChangeKind.TAG, "refs/tags/v1", B, null, null, null));
  }

  @Test
  void anAnnotatedTagIsKnownByItsCommitAndByItsObject() {
    look(ref(MAIN, A));
    hook(new RefChange(ChangeKind.TAG, "refs/tags/v1", C, null, null, null));
    lookLater(ref(MAIN, A), new RemoteRef("refs/tags/v1", B, C));
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void aRejectedWebhookTellsOfNothing() {
    look(ref(MAIN, A));
    Object unused =
        bench
            .cases
            .deliveries()
            .receive(
                new DeliveryReceipt(
                    Samples.SHOP, null, "push", Verdict.REJECTED, "Forged.", List.of(push(B))));
    lookLater(ref(MAIN, B));
    assertThat(reconciler().missed()).isEqualTo(1);
  }

  @Test
  void whatWasSeenSurvivesARestartAndItIsLookedAtAgainSoon() throws IOException {
    look(ref(MAIN, A));
    bench.restart();
    look(ref(MAIN, B));
    bench.pass(GRACE);
    look(ref(MAIN, B));
    assertThat(reconciler().missed()).isEqualTo(1);
  }

  @Test
  void aSourceIsLookedAtByOneAtATimeUntilItsLeaseRunsOut() {
    LookWork first = claimAll().getFirst();
    bench.pass(Duration.ofMinutes(6));
    LookWork again =
        claimAll().stream()
            .filter(w -> w.source().equals(first.source()))
            .findFirst()
            .orElseThrow();
    LookDone late = found(first, List.of());
    assertThatThrownBy(() -> reconciler().done(late))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("somebody else");
    LookDone done = found(again, List.of());
    reconciler().done(done);
    assertThatThrownBy(() -> reconciler().done(done)).isInstanceOf(ApiException.class);
  }

  @Test
  void aRepositoryThatCannotBeListedChangesNothing() {
    look(ref(MAIN, A));
    bench.pass(INTERVAL);
    for (LookWork work : claimAll()) {
      SourceName source = work.source().name();
      reconciler().done(new LookDone(source, work.fence(), List.of(), "It is away.", null));
    }
    lookLater(ref(MAIN, A));
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void aRepositoryThatIsEmptyForAWhileIsNotNewAfterwards() {
    look(ref(MAIN, A), ref("refs/heads/old", B));
    lookLater();
    lookLater(ref(MAIN, A), ref("refs/heads/old", B));
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void aNewSourceIsLookedAtAtOnce() {
    look(ref(MAIN, A));
    SourceView fresh =
        bench
            .cases
            .sources()
            .register(
                new dev.pipewright.protocol.api.SourceSpec(
                    new SourceName("fresh"), "/fresh.git", null, null, null, null));
    assertThat(claimAll()).extracting(LookWork::source).containsExactly(fresh);
  }

  @Test
  void theRunSaysThatItsWebhookWasMissed() {
    look(ref(MAIN, A));
    lookLater(ref(MAIN, B));
    DeliveryWork work = bench.cases.deliveries().claim(NOW).orElseThrow();
    NewRun order = Samples.order("shop", "k1");
    Cause cause = new Cause("push", "ann", "Add a shelf", work.id());
    NewRun wanted = order.with(cause);
    Cause kept = bench.cases.runs().create(wanted).run().cause();
    assertThat(kept.kind()).isEqualTo("push");
    assertThat(kept.message()).isEqualTo("Add a shelf");
    assertThat(kept.note()).isEqualTo("Its webhook was missed; a look at the repository found it.");
  }

  @Test
  void aLookThatIsGivenBackIsOfferedAtOnce() {
    LookWork lost = claimAll().getFirst();
    bench.cases.reconciler().giveBack(lost);
    assertThat(claimAll()).extracting(LookWork::source).containsExactly(lost.source());
  }
}
