package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.LookDone;
import dev.pipewright.protocol.api.LookWork;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.RemoteRef;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.TriggerSpec;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.state.store.Shelf;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads of pull requests of which no webhook told. */
final class MissedPullsTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final String MAIN = "refs/heads/main";
  private static final String PULL = "refs/pull/7/head";
  private static final CommitId A = new CommitId("a".repeat(40));
  private static final CommitId B = new CommitId("b".repeat(40));
  private static final CommitId C = new CommitId("c".repeat(40));

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
  }

  /** A Builder says what starts the pipeline of the default branch. */
  private void startedBy(TriggerSpec trigger) {
    VersionAnswer asked =
        bench
            .cases
            .versions()
            .resolve(new VersionRequest(Samples.SHOP, MAIN, Samples.COMMIT), Duration.ZERO);
    assertThat(asked.state()).isEqualTo(VersionAnswer.State.PENDING);
    VersionWork work = bench.cases.versions().claim(Duration.ZERO).orElseThrow();
    Plan shop = Samples.plan("shop");
    Plan plan = new Plan(shop.pipeline(), "P", List.of(trigger), null, shop.steps());
    VersionAnswer answer =
        new VersionAnswer(
            VersionAnswer.State.READY,
            null,
            MAIN,
            Samples.COMMIT,
            "key",
            Samples.BUNDLE,
            List.of(plan),
            null,
            null);
    bench.cases.versions().resolved(new VersionResolved(work.id(), work.fence(), answer));
  }

  private void look(boolean pulls, RemoteRef... refs) {
    bench.pass(INTERVAL);
    Optional<LookWork> claimed = bench.cases.reconciler().claim(Duration.ZERO);
    while (claimed.isPresent()) {
      LookWork work = claimed.get();
      boolean shop = work.source().name().equals(Samples.SHOP);
      bench
          .cases
          .reconciler()
          .done(
              new LookDone(
                  work.source().name(),
                  work.fence(),
                  shop ? List.of(refs) : List.of(),
                  null,
                  pulls));
      claimed = bench.cases.reconciler().claim(Duration.ZERO);
    }
  }

  /** Two looks, as a webhook has some time to come. */
  private void found(RemoteRef... refs) {
    look(true, refs);
    look(true, refs);
  }

  private static RemoteRef ref(String name, CommitId commit) {
    return new RemoteRef(name, commit, null);
  }

  private List<DeliveryView> deliveries() {
    return bench.cases.deliveries().list(null, 100, null).items();
  }

  private void policy(String foreign) {
    SourceSpec shop = Samples.source();
    Object unused =
        bench
            .cases
            .sources()
            .register(
                new SourceSpec(
                    shop.name(),
                    shop.url(),
                    shop.forge(),
                    shop.secret(),
                    shop.folder(),
                    shop.defaultBranch(),
                    foreign));
  }

  @Test
  void aHeadThatNobodyToldOfIsForeignAsItMayBeAnybodys() {
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A));
    found(ref(MAIN, A), ref(PULL, B));
    DeliveryView made = deliveries().getFirst();
    assertThat(made.verdict()).isEqualTo(Verdict.BUILD_UNTRUSTED);
    RefChange change = made.changes().getFirst();
    assertThat(change.kind()).isEqualTo(ChangeKind.PULL_REQUEST);
    assertThat(change.ref()).isEqualTo(PULL);
    assertThat(change.commit()).isEqualTo(B);
    assertThat(change.trust()).isEqualTo(Trust.FOREIGN);
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void aHeadThatIsAlsoTheHeadOfABranchIsFromInside() {
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A), ref("refs/heads/wip", B));
    found(ref(MAIN, A), ref("refs/heads/wip", B), ref(PULL, B));
    DeliveryView made = deliveries().getFirst();
    assertThat(made.verdict()).isEqualTo(Verdict.BUILD);
    assertThat(made.changes().getFirst().trust()).isEqualTo(Trust.INTERNAL);
  }

  @Test
  void aHeadThatAWebhookToldOfIsNotMissed() {
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A));
    PullRequest pull = new PullRequest(7, "Add", "ann", true, null, B.value(), MAIN, null);
    RefChange change =
        new RefChange(ChangeKind.PULL_REQUEST, PULL, B, "ann", "Add", "main", null, "ann", pull);
    Object unused =
        bench
            .cases
            .deliveries()
            .receive(
                new DeliveryReceipt(
                    Samples.SHOP,
                    null,
                    "pull_request",
                    Verdict.BUILD_UNTRUSTED,
                    "New.",
                    List.of(change)));
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).hasSize(1);
    assertThat(bench.cases.reconciler().missed()).isZero();
  }

  @Test
  void headsThatWereThereBeforeAnybodyLookedForThemStartNothingUntilTheyMove() {
    startedBy(new TriggerSpec.PullRequest());
    look(false, ref(MAIN, A));
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).isEmpty();
    found(ref(MAIN, A), ref(PULL, C));
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void headsThatCouldNotBeListedForAWhileStartNothingAfterwards() {
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A), ref(PULL, B));
    look(false, ref(MAIN, A));
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void headsAreOnlyNotedWhereNoPipelineIsStartedByPullRequests() {
    startedBy(new TriggerSpec.Push(List.of()));
    look(true, ref(MAIN, A));
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).isEmpty();
  }

  @Test
  void whatIsKnownOfTheTriggersSurvivesARestart() throws IOException {
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A));
    bench.restart();
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).hasSize(1);
  }

  @Test
  void theFirstLookAfterAStoreOfTheFirstSchemaNotesTheHeadsThatAreThere() throws IOException {
    startedBy(new TriggerSpec.PullRequest());
    look(false, ref(MAIN, A));
    withoutPulls("seenRefs");
    withoutPulls("schedules");
    bench.storage.shelf("schema", Schema.Version.class).remove(List.of("version"));
    bench.restart();
    startedBy(new TriggerSpec.PullRequest());
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).isEmpty();
    found(ref(MAIN, A), ref(PULL, C));
    assertThat(deliveries()).hasSize(1);
  }

  private void withoutPulls(String shelf) {
    Shelf<StoredRecord> records = bench.storage.shelf(shelf, StoredRecord.class);
    StoredRecord shop = records.find("shop").orElseThrow().value();
    assertThat(shop.remove("pulls")).isNotNull();
    records.put("shop", shop);
  }

  @Test
  void aBuilderThatSaysNothingOfPullRequestsHasNotLookedForThem() {
    String look = "{\"source\":\"shop\",\"fence\":1,\"refs\":[]}";
    assertThat(Json.read(look, LookDone.class).listsPulls()).isFalse();
  }

  @Test
  void aSourceThatIgnoresForeignCommitsIgnoresTheseToo() {
    policy("ignore");
    startedBy(new TriggerSpec.PullRequest());
    look(true, ref(MAIN, A));
    found(ref(MAIN, A), ref(PULL, B));
    assertThat(deliveries()).isEmpty();
    assertThat(bench.cases.reconciler().missed()).isZero();
  }
}
