package dev.pipewright.state;

import static dev.pipewright.state.Samples.began;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.DownstreamRequest;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LockRequest;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.api.SecretSpec;
import dev.pipewright.protocol.api.SecretsRequest;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.run.CommitApproval;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Trust;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of commits that anybody may have made: held, approved one commit at a time, kept apart. */
class CommitApprovalsTest {
  private static final CommitId FIRST = new CommitId("a".repeat(40));
  private static final CommitId SECOND = new CommitId("b".repeat(40));
  private static final StepPath DEPLOY = new StepPath("deploy");

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    bench.cases.services().secrets().set(new SecretSpec("DEPLOY_KEY", "s3cr3t-value", null), "ann");
  }

  private void given(String policy) {
    SourceSpec usual = Samples.source();
    bench
        .cases
        .sources()
        .register(new SourceSpec(usual.name(), usual.url(), null, null, null, "main", policy));
  }

  private static NewRun order(String pipeline, long pull, CommitId commit) {
    return order(pipeline, commit, new Origin(Trust.FOREIGN, pull, "refs/heads/main", null, null));
  }

  private static NewRun order(String pipeline, CommitId commit, Origin origin) {
    NewRun usual = Samples.order(pipeline, pipeline + commit + origin);
    return new NewRun(
        usual.key(),
        usual.source(),
        "refs/pull/" + origin.pull() + "/head",
        commit,
        usual.cause(),
        usual.versionKey(),
        usual.bundle(),
        Samples.planNeeding(pipeline, DEPLOY, "DEPLOY_KEY"),
        Map.of(),
        null,
        false,
        null,
        origin);
  }

  private RunId create(NewRun order) {
    return bench.cases.runs().create(order).run().id();
  }

  private RunSnapshot run(RunId id) {
    return bench.cases.runs().snapshot(id);
  }

  private void decide(RunId run, boolean approved, @Nullable String note) {
    bench
        .cases
        .services()
        .approvals()
        .decide(run, new Decision(null, approved, note, Map.of()), "ann");
  }

  private LaunchOrder begin() {
    LaunchOrder launch = bench.cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    bench.report(launch, began(1), began(2, DEPLOY));
    return launch;
  }

  private Object secret(LaunchOrder launch) {
    return bench
        .cases
        .services()
        .secrets()
        .release(launch.run(), new SecretsRequest(launch.fence(), DEPLOY, List.of("DEPLOY_KEY")));
  }

  private void cache(LaunchOrder launch, String key, String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    BlobDigest blob = BlobDigest.of(bytes);
    boolean unused =
        bench
            .cases
            .services()
            .blobs()
            .putFor(launch.run(), launch.fence(), blob, new ByteArrayInputStream(bytes));
    bench
        .cases
        .services()
        .caches()
        .store(launch.run(), new CacheEntry(launch.fence(), key, blob, 1));
  }

  private @Nullable BlobDigest cached(LaunchOrder launch, String key) {
    return bench.cases.services().caches().find(launch.run(), key).blob();
  }

  private static BlobDigest blob(String content) {
    return BlobDigest.of(content.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(Problem.Code code, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(code)).isTrue())
        .hasMessageContaining(message);
  }

  @Test
  void holdsAForeignRunWithoutALaunch() {
    RunId id = create(order("shop", 7, FIRST));

    RunSnapshot run = run(id);
    assertThat(run.state()).isEqualTo(Phase.WAITING);
    assertThat(run.waits()).extracting(OpenWait::path).containsOnlyNulls();
    assertThat(run.reason())
        .isEqualTo("May aaaaaaaa of pull request 7 run? It comes from outside the repository.");
    assertThat(run.origin().trust()).isEqualTo(Trust.FOREIGN);
    assertThat(bench.cases.queue().claim("spawner", Duration.ZERO)).isEmpty();
  }

  @Test
  void startsRunsOfTrustedAndInternalCommitsAtOnceWhateverTheySayOfAnApproval() {
    CommitApproval forged = new CommitApproval("mallory", null, Samples.NOON);
    for (Trust trust : List.of(Trust.TRUSTED, Trust.INTERNAL)) {
      RunId id = create(order("shop", FIRST, new Origin(trust, 7L, null, null, forged)));
      assertThat(run(id).state()).isEqualTo(Phase.QUEUED);
      assertThat(run(id).origin().approval()).isNull();
      secret(begin());
    }
    RunId id = create(order("shop", FIRST, new Origin(Trust.FOREIGN, 7L, null, null, forged)));
    assertThat(run(id).state()).isEqualTo(Phase.WAITING);
  }

  @Test
  void anApprovalLetsAllRunsOfThatCommitBeginAndSaysWhoGaveIt() throws Exception {
    RunId shop = create(order("shop", 7, FIRST));
    RunId docs = create(order("docs", 7, FIRST));
    RunId other = create(order("shop", 8, FIRST));

    decide(shop, true, "read it");
    CommitApproval approval = new CommitApproval("ann", "read it", Samples.NOON);
    for (RunId id : List.of(shop, docs)) {
      assertThat(run(id).state()).isEqualTo(Phase.QUEUED);
      assertThat(run(id).waits()).isEmpty();
      assertThat(run(id).reason()).isNull();
      assertThat(run(id).origin().approval()).isEqualTo(approval);
    }
    assertThat(run(other).state()).isEqualTo(Phase.WAITING);
    Origin elsewhere = new Origin(Trust.FOREIGN, 7L, "refs/heads/release", null, null);
    assertThat(run(create(order("ship", FIRST, elsewhere))).state()).isEqualTo(Phase.WAITING);
    bench.restart();
    RunId late = create(order("lint", 7, FIRST));
    assertThat(run(late).state()).isEqualTo(Phase.QUEUED);
    assertThat(run(late).origin().approval()).isEqualTo(approval);
    assertRefused(
        Problem.Code.CONFLICT, "approved by ann already", () -> decide(shop, false, null));
  }

  @Test
  void anApprovedRunGetsSecretsSharedCachesAndLocks() throws Exception {
    LaunchOrder trusted = bench.running();
    cache(trusted, "maven", "jars");
    decide(create(order("shop", 7, FIRST)), true, null);

    LaunchOrder run = begin();

    assertThat(secret(run).toString()).doesNotContain("s3cr3t-value");
    assertThat(cached(run, "maven")).isEqualTo(blob("jars"));
    bench.cases.services().locks().request(run.run(), new LockRequest(run.fence(), "prod", "x"));
    assertThat(bench.cases.services().locks().all().items().getFirst().name()).isEqualTo("prod");
  }

  @Test
  void aNewCommitNeedsItsOwnApprovalAndEndsWhatIsHeldOfTheOldOne() {
    RunId first = create(order("shop", 7, FIRST));
    RunId other = create(order("shop", 8, FIRST));
    RunId second = create(order("shop", 7, SECOND));

    assertThat(run(first).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(run(first).reason())
        .isEqualTo("Superseded: pull request 7 has the newer commit bbbbbbbb.");
    assertThat(run(other).state()).isEqualTo(Phase.WAITING);
    assertThat(run(second).state()).isEqualTo(Phase.WAITING);
    assertRefused(Problem.Code.CONFLICT, "is finished", () -> decide(first, true, null));

    decide(second, true, null);
    CommitId third = new CommitId("c".repeat(40));
    assertThat(run(create(order("shop", 7, third))).state()).isEqualTo(Phase.WAITING);
    assertThat(run(second).state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aRejectedRunIsOverAndSaysWhoAndWhy() {
    RunId shop = create(order("shop", 7, FIRST));
    RunId docs = create(order("docs", 7, FIRST));

    decide(shop, false, "mines coins");

    for (RunId id : List.of(shop, docs)) {
      assertThat(run(id).outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(run(id).reason()).isEqualTo("The commit was rejected by ann: mines coins");
      assertThat(run(id).cancelRequestedBy()).isEqualTo("ann");
    }
  }

  @Test
  void runningARejectedRunAgainHoldsItAgain() {
    RunId id = create(order("shop", 7, FIRST));
    decide(id, false, null);

    bench.cases.runs().rerun(id, new RerunRequest(null, null), "bob");

    assertThat(run(id).state()).isEqualTo(Phase.WAITING);
    assertThat(bench.cases.queue().claim("spawner", Duration.ZERO)).isEmpty();
    decide(id, true, null);
    assertThat(bench.cases.queue().claim("spawner", Duration.ZERO).orElseThrow().attempt())
        .isEqualTo(2);
  }

  @Test
  void isHeldAfterARestartToo() throws Exception {
    RunId id = create(order("shop", 7, FIRST));
    bench.restart();
    bench.cases.sweep();
    assertThat(run(id).state()).isEqualTo(Phase.WAITING);
    decide(id, true, null);
    assertThat(begin().run()).isEqualTo(id);
  }

  @Test
  void aRunThatIsNotHeldHasNothingToApprove() {
    LaunchOrder running = bench.running();
    assertRefused(
        Problem.Code.NOT_FOUND, "waits for no approval", () -> decide(running.run(), true, null));
    RunId held = create(order("shop", 7, FIRST));
    assertRefused(
        Problem.Code.MALFORMED,
        "takes no values",
        () ->
            bench
                .cases
                .services()
                .approvals()
                .decide(held, new Decision(null, true, null, Map.of("a", "b")), "ann"));
  }

  @Test
  void anUnapprovedRunGetsNoSecretAndStartsNoPipeline() {
    given("run");
    RunId id = create(order("shop", 7, FIRST));
    assertThat(run(id).state()).isEqualTo(Phase.QUEUED);
    LaunchOrder launch = begin();

    assertRefused(
        Problem.Code.FORBIDDEN,
        "The step 'deploy' does not get DEPLOY_KEY: shop#1 is of pull request 7 from outside the"
            + " repository, and nobody has approved its commit aaaaaaaa.",
        () -> secret(launch));
    assertRefused(
        Problem.Code.FORBIDDEN,
        "starts no other pipelines",
        () ->
            bench
                .cases
                .services()
                .downstreams()
                .start(
                    id,
                    new DownstreamRequest(
                        launch.fence(), "x", new PipelineName("docs"), Map.of(), true)));
  }

  @Test
  void unapprovedRunsOfOnePullRequestShareCachesAndLocksWithEachOtherAlone() throws Exception {
    LaunchOrder trusted = bench.running();
    cache(trusted, "maven", "jars");
    given("run");
    create(order("shop", 7, FIRST));
    LaunchOrder first = begin();

    assertThat(cached(first, "maven")).isNull();
    assertThat(bench.cases.services().caches().isOf(first.run(), blob("jars"))).isFalse();
    assertRefused(Problem.Code.FORBIDDEN, "did not upload", () -> storeBlobOfOthers(first));
    cache(first, "maven", "poison");
    bench
        .cases
        .services()
        .locks()
        .request(first.run(), new LockRequest(first.fence(), "prod", "x"));

    assertThat(cached(trusted, "maven")).isEqualTo(blob("jars"));
    assertThat(bench.cases.services().caches().isOf(trusted.run(), blob("poison"))).isFalse();
    LockRequest prod = new LockRequest(trusted.fence(), "prod", "x");
    assertThat(bench.cases.services().locks().request(trusted.run(), prod).granted()).isTrue();
    create(order("shop", 7, SECOND));
    LaunchOrder second = begin();
    assertThat(cached(second, "maven")).isEqualTo(blob("poison"));
    create(order("shop", 8, SECOND));
    assertThat(cached(begin(), "maven")).isNull();
    bench.restart();
    assertThat(cached(trusted, "maven")).isEqualTo(blob("jars"));
    assertThat(cached(second, "maven")).isEqualTo(blob("poison"));
  }

  private void storeBlobOfOthers(LaunchOrder run) {
    bench
        .cases
        .services()
        .caches()
        .store(run.run(), new CacheEntry(run.fence(), "mine", blob("jars"), 1));
  }

  @Test
  void aSourceThatIgnoresForeignCommitsRunsNoneAndOtherWordsAreRefused() {
    given("ignore");
    assertRefused(Problem.Code.CONFLICT, "ignores commits", () -> create(order("shop", 7, FIRST)));
    assertRefused(Problem.Code.MALFORMED, "one of hold, run, ignore", () -> given("maybe"));
  }

  @Test
  void whatApprovedRunsStartComesFromTheSamePullRequest() {
    decide(create(order("shop", 7, FIRST)), true, null);
    LaunchOrder launch = begin();
    String delivery =
        bench
            .cases
            .services()
            .downstreams()
            .start(
                launch.run(),
                new DownstreamRequest(
                    launch.fence(), "x", new PipelineName("docs"), Map.of(), true))
            .id();

    ManualStart wish =
        Objects.requireNonNull(
            bench.cases.deliveries().claim(Duration.ZERO).orElseThrow().manual());
    Origin origin = Objects.requireNonNull(wish.origin());

    assertThat(delivery).isNotBlank();
    assertThat(origin.trust()).isEqualTo(Trust.FOREIGN);
    assertThat(origin.pull()).isEqualTo(7);
    assertThat(origin.codeRef()).isEqualTo("refs/heads/main");
  }

  @Test
  void aLaunchIsForeignUntilTheCommitIsApproved() {
    given("run");
    RunId unread = create(order("shop", 7, FIRST));
    LaunchOrder foreign = begin();
    assertThat(foreign.run()).isEqualTo(unread);
    assertThat(foreign.foreign()).isTrue();
    given("hold");
    decide(create(order("shop", 8, SECOND)), true, null);
    assertThat(begin().foreign()).isFalse();
    create(order("shop", FIRST, Origin.TRUSTED));
    assertThat(begin().foreign()).isFalse();
  }
}
