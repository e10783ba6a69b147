package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.PipelineVersion;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.api.VersionResolved;
import dev.pipewright.protocol.api.VersionWork;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles go with the versions that nobody needs, and never before. */
final class BundlesTest {
  private static final Duration DAY = Duration.ofHours(25);
  private static final int KEPT = 2;

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
    bench.keep = new KeepRule(KEPT, Duration.ZERO);
    bench.restart();
  }

  private void ran(Plan plan, String version) {
    LaunchOrder launch = bench.running(order(plan, version));
    end(launch);
  }

  private NewRun order(Plan plan, String version) {
    NewRun any = bench.order(plan, Samples.SHOP);
    return new NewRun(
        any.key(),
        any.source(),
        any.ref(),
        any.commit(),
        any.cause(),
        version,
        any.bundle(),
        plan,
        any.parameters(),
        null,
        false,
        null,
        Origin.TRUSTED);
  }

  private void end(LaunchOrder launch) {
    bench.report(launch, Samples.ended(2, Outcome.SUCCEEDED));
    bench
        .cases
        .queue()
        .ended(
            launch.run(), new LaunchEnd(launch.fence(), LaunchEnd.Kind.EXITED, null, "It ended."));
  }

  /** A run of the pipeline code brings the bundle, and the version is stored. */
  private BlobDigest built(String version) throws IOException {
    return built(version, version);
  }

  private BlobDigest built(String version, String content) throws IOException {
    Plan code = Samples.plan(PipelineName.codeOf(Samples.SHOP).value());
    LaunchOrder launch = bench.running(order(code, version));
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    BlobDigest bundle = BlobDigest.of(bytes);
    assertThat(
            bench
                .cases
                .services()
                .blobs()
                .putFor(launch.run(), launch.fence(), bundle, new ByteArrayInputStream(bytes)))
        .isTrue();
    end(launch);
    bench.cases.versions().store(version(version, bundle, launch.run()));
    bench.pass(Duration.ofMinutes(1));
    return bundle;
  }

  private PipelineVersion version(String key, BlobDigest bundle, RunId by) {
    return new PipelineVersion(
        key,
        Samples.SHOP,
        "tree-" + key,
        bundle,
        List.of(Samples.plan("shop")),
        by,
        bench.clock().instant());
  }

  private void ranTimes(int count, String version) {
    for (int i = 0; i < count; i++) {
      ran(Samples.plan("shop"), version);
    }
  }

  /** So often that the runs of the code are removed, too. */
  private void dayPasses() {
    bench.pass(DAY);
    for (int i = 0; i < 5; i++) {
      bench.cases.sweep();
    }
  }

  private boolean isThere(BlobDigest bundle) {
    return bench.cases.services().blobs().has(bundle);
  }

  private boolean isKnown(String version) {
    return bench.storage.shelf("versions", PipelineVersion.class).find(version).isPresent();
  }

  @Test
  void aBundleOutlivesTheRunThatBuiltItAsLongAsAKeptRunUsesIt() throws Exception {
    BlobDigest first = built("v1");
    ranTimes(KEPT, "v1");
    for (int i = 2; i < 6; i++) {
      BlobDigest unused = built("v" + i);
    }
    dayPasses();
    RunId builtBy = new RunId(PipelineName.codeOf(Samples.SHOP), 1);
    assertThat(bench.storage.shelf("runs", RunRecord.class).find(builtBy.toString())).isEmpty();
    assertThat(isThere(first)).isTrue();
    assertThat(isKnown("v1")).isTrue();
    assertThat(isKnown("v2")).isFalse();
    assertThat(isKnown("v5")).isTrue();
  }

  @Test
  void aVersionGoesWithItsBundleWhenNoKeptRunUsesItAndAnotherIsNewer() throws Exception {
    BlobDigest first = built("v1");
    ranTimes(KEPT, "v1");
    BlobDigest last = built("v2");
    BlobDigest same = built("v3", "v2");
    ranTimes(KEPT + 1, "v3");
    BlobDigest newest = built("v4");
    dayPasses();
    dayPasses();
    assertThat(same).isEqualTo(last);
    assertThat(isKnown("v1")).isFalse();
    assertThat(isThere(first)).isFalse();
    assertThat(isKnown("v2")).isFalse();
    assertThat(isKnown("v3")).isTrue();
    assertThat(isThere(last)).isTrue();
    assertThat(isThere(newest)).isTrue();
  }

  @Test
  void aVersionThatWasJustAskedForStays() throws Exception {
    BlobDigest unused = built("v1");
    BlobDigest unusedToo = built("v2");
    bench.pass(DAY);
    assertThat(bench.cases.versions().version("v1")).isPresent();
    bench.cases.sweep();
    assertThat(isKnown("v1")).isTrue();
    dayPasses();
    assertThat(isKnown("v1")).isFalse();
    assertThat(bench.cases.versions().version("v1")).isEmpty();
  }

  @Test
  void whatWasSaidOfACommitIsAskedAgainOnceItsVersionIsGone() throws Exception {
    BlobDigest bundle = built("v1");
    VersionRequest question = new VersionRequest(Samples.SHOP, "refs/heads/main", Samples.COMMIT);
    VersionAnswer unused = bench.cases.versions().resolve(question, Duration.ZERO);
    VersionWork work = bench.cases.versions().claim(Duration.ZERO).orElseThrow();
    VersionAnswer answer =
        new VersionAnswer(
            VersionAnswer.State.READY,
            null,
            "refs/heads/main",
            Samples.COMMIT,
            "v1",
            bundle,
            List.of(Samples.plan("shop")),
            null,
            null);
    bench.cases.versions().resolved(new VersionResolved(work.id(), work.fence(), answer));
    assertThat(bench.cases.versions().resolve(question, Duration.ZERO)).isEqualTo(answer);
    BlobDigest unusedToo = built("v2");
    dayPasses();
    assertThat(bench.cases.versions().resolve(question, Duration.ZERO).state())
        .isEqualTo(VersionAnswer.State.PENDING);
    assertThat(bench.cases.versions().claim(Duration.ZERO)).isPresent();
  }

  @Test
  void aCrashAtAnyWriteLeavesNoVersionWithoutItsBundleAndNoBundleBehind() throws Exception {
    for (int fatal = 1; ; fatal++) {
      BlobDigest old = built("old" + fatal);
      for (int i = 0; i <= KEPT; i++) {
        BlobDigest unused = built("new" + fatal + i);
      }
      bench.cases.retention().sweep();
      CrashingStorage crashing = new CrashingStorage(bench.storage, fatal, fatal % 2 == 0);
      try {
        bench.restart(crashing);
        bench.pass(DAY);
        bench.cases.services().bundles().sweep();
      } catch (StoreException e) {
        assertThat(isKnown("new" + fatal + KEPT)).isTrue();
      }
      bench.restart();
      assertThat(isThere(old)).as("after write %d", fatal).isEqualTo(isKnown("old" + fatal));
      bench.pass(DAY);
      bench.cases.services().bundles().sweep();
      assertThat(isKnown("old" + fatal)).isFalse();
      assertThat(isThere(old)).as("after write %d", fatal).isFalse();
      if (!crashing.isDead()) {
        assertThat(fatal).isGreaterThan(8);
        return;
      }
    }
  }

  @Test
  void aVersionWhoseBundleIsGoneIsBuiltAgain() throws Exception {
    BlobDigest bundle = built("v1");
    bench.storage.blobs().remove(bundle);
    bench.cases.sweep();
    assertThat(isKnown("v1")).isFalse();
    assertThat(bench.cases.versions().version("v1")).isEmpty();
  }
}
