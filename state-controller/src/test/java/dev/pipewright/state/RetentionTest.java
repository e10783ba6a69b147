package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.CrashingStorage;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.StoreException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old runs go, whole, and what people need stays. */
class RetentionTest {
  private static final PipelineName SHOP = new PipelineName("shop");
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
  }

  private void keep(int runs, Duration age) throws Exception {
    bench.keep = new KeepRule(runs, age);
    bench.restart();
  }

  private RunId ran(Outcome outcome) {
    LaunchOrder launch = bench.running();
    end(launch, outcome);
    return launch.run();
  }

  private void end(LaunchOrder launch, Outcome outcome) {
    bench.report(launch, Samples.ended(2, outcome));
    bench
        .cases
        .queue()
        .ended(
            launch.run(),
            new LaunchEnd(launch.fence(), LaunchEnd.Kind.EXITED, null, "It has ended."));
  }

  private void ran(int count) {
    for (int i = 0; i < count; i++) {
      RunId unused = ran(Outcome.SUCCEEDED);
    }
  }

  private List<Long> kept() {
    return bench.cases.runs().list(SHOP, 100, null).items().stream()
        .map(RunSnapshot::number)
        .toList();
  }

  /** All ids of the shelves that hold something of runs. */
  private Map<String, String> stored() {
    Map<String, String> found = new ConcurrentHashMap<>();
    bench.storage.shelf("runs", RunRecord.class).forEach((id, any) -> found.put(id, "run"));
    bench.storage.shelf("events", EventRecord.class).forEach((id, any) -> found.put(id, "events"));
    bench
        .storage
        .shelf("runKeys", RunBook.Pointer.class)
        .forEach((id, key) -> found.put(id, "key of " + key.run()));
    return found;
  }

  @Test
  void theOldestGoAndTheNewestStay() throws Exception {
    keep(3, Duration.ZERO);
    ran(5);
    RunId first = new RunId(SHOP, 1);
    bench.cases.sweep();
    assertThat(kept()).containsExactly(5L, 4L, 3L);
    assertThat(bench.cases.retention().count()).isEqualTo(2);
    assertThat(stored())
        .doesNotContainKeys("shop#1", "shop#2", EventRecord.id(first, 1, 0))
        .doesNotContainValue("key of shop#1")
        .containsKeys("shop#3")
        .containsValue("key of shop#3");
    assertThatThrownBy(() -> bench.cases.runs().snapshot(first))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.problem().status()).isEqualTo(404))
        .hasMessageContaining("shop#1 is not kept any more");
    assertThatThrownBy(() -> bench.cases.retention().pin(first, "ann"))
        .hasMessageContaining("is not kept any more");
    bench.restart();
    assertThatThrownBy(() -> bench.cases.runs().snapshot(first))
        .hasMessageContaining("is not kept any more");
    assertThat(ran(Outcome.SUCCEEDED)).isEqualTo(new RunId(SHOP, 6));
    bench.cases.sweep();
    assertThat(kept()).containsExactly(6L, 5L, 4L);
  }

  @Test
  void whatIsPinnedOpenOrTheLastSuccessStays() throws Exception {
    keep(2, Duration.ZERO);
    RunId pinned = ran(Outcome.SUCCEEDED);
    assertThat(bench.cases.retention().pin(pinned, "ann").by()).isEqualTo("ann");
    RunId good = ran(Outcome.SUCCEEDED);
    LaunchOrder open = bench.running();
    for (int i = 0; i < 40; i++) {
      RunId unused = ran(Outcome.FAILED);
    }
    for (int i = 0; i < 3; i++) {
      bench.cases.sweep();
    }
    assertThat(kept()).containsExactly(43L, 42L, open.run().number(), 2L, 1L);
    assertThat(good.number()).isEqualTo(2);
    bench.restart();
    assertThat(bench.cases.retention().pins().items()).hasSize(1);
    bench.cases.retention().unpin(pinned);
    assertThatThrownBy(() -> bench.cases.retention().unpin(pinned))
        .hasMessageContaining("is not pinned");
    bench.cases.sweep();
    assertThat(kept()).containsExactly(43L, 42L, open.run().number(), 2L);
    end(open, Outcome.FAILED);
    RunId unused = ran(Outcome.SUCCEEDED);
    bench.pass(Duration.ofMinutes(11));
    bench.cases.sweep();
    assertThat(kept()).containsExactly(44L, 43L);
  }

  @Test
  void agedRunsGoAndTheLastOneStays() throws Exception {
    keep(0, Duration.ofDays(30));
    ran(3);
    bench.pass(Duration.ofDays(20));
    bench.cases.sweep();
    assertThat(kept()).containsExactly(3L, 2L, 1L);
    bench.pass(Duration.ofDays(11));
    bench.cases.sweep();
    assertThat(kept()).containsExactly(3L);
    assertThat(bench.cases.pipelines().view(SHOP).lastFinished()).isNotNull();
  }

  @Test
  void outputAndFilesGoUnlessAnotherRunHasThem() throws Exception {
    keep(1, Duration.ZERO);
    LaunchOrder one = bench.running();
    LogKey log = new LogKey(one.run(), Samples.LINT);
    bench.report(one, Samples.began(2, Samples.LINT));
    bench
        .cases
        .reports()
        .append(one.run(), Samples.LINT, one.fence(), 0, Samples.NOON, new byte[] {1});
    BlobDigest own = upload(one, "own");
    BlobDigest shared = upload(one, "shared");
    bench.report(one, Samples.ended(3, Samples.LINT, Outcome.SUCCEEDED));
    bench.report(one, Samples.ended(4, Outcome.SUCCEEDED));
    bench
        .cases
        .queue()
        .ended(one.run(), new LaunchEnd(one.fence(), LaunchEnd.Kind.EXITED, null, "Ended."));
    LaunchOrder two = bench.running();
    assertThat(upload(two, "shared")).isEqualTo(shared);
    end(two, Outcome.SUCCEEDED);
    assertThat(bench.storage.logs().length(log)).isEqualTo(1);
    assertThat(bench.storage.logs().times(log, 0, 9)).hasSize(1);
    bench.cases.sweep();
    assertThat(kept()).containsExactly(2L);
    assertThat(bench.storage.logs().length(log)).isZero();
    assertThat(bench.storage.logs().times(log, 0, 9)).isEmpty();
    assertThat(bench.storage.blobs().size(own)).isEmpty();
    assertThat(bench.storage.blobs().size(shared)).isPresent();
    ran(1);
    bench.cases.sweep();
    assertThat(bench.storage.blobs().size(shared)).isEmpty();
  }

  private BlobDigest upload(LaunchOrder run, String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    BlobDigest digest = BlobDigest.of(bytes);
    assertThat(
            bench
                .cases
                .services()
                .blobs()
                .putFor(run.run(), run.fence(), digest, new ByteArrayInputStream(bytes)))
        .isTrue();
    return digest;
  }

  @Test
  void aCacheStaysWhenTheRunsThatBroughtItsBytesGo() throws Exception {
    keep(1, Duration.ZERO);
    LaunchOrder one = bench.running();
    BlobDigest blob = upload(one, "jars");
    Caches caches = bench.cases.services().caches();
    caches.store(one.run(), new CacheEntry(one.fence(), "maven", blob, 1));
    end(one, Outcome.SUCCEEDED);
    LaunchOrder two = bench.running();
    caches.store(two.run(), new CacheEntry(two.fence(), "maven", blob, 1));
    end(two, Outcome.SUCCEEDED);
    bench.cases.sweep();
    assertThat(kept()).containsExactly(2L);
    assertThat(bench.storage.blobs().size(blob)).isPresent();
    ran(1);
    bench.cases.sweep();
    assertThat(kept()).containsExactly(3L);
    assertThat(bench.storage.blobs().size(blob)).isPresent();
    bench.pass(Duration.ofDays(15));
    bench.cases.sweep();
    assertThat(bench.storage.blobs().size(blob)).isEmpty();
  }

  @Test
  void aCrashAtAnyWriteLeavesNothingHalfRemoved(@TempDir Path folders) throws Exception {
    for (int fatal = 1; ; fatal++) {
      bench = new Bench(folders.resolve("at" + fatal));
      ran(4);
      bench.keep = new KeepRule(2, Duration.ZERO);
      CrashingStorage crashing = new CrashingStorage(bench.storage, fatal, fatal % 2 == 0);
      try {
        bench.restart(crashing);
        bench.cases.retention().sweep();
      } catch (StoreException e) {
        assertThat(kept()).startsWith(4L, 3L);
      }
      bench.restart();
      bench.cases.sweep();
      assertThat(kept()).as("after write %d", fatal).containsExactly(4L, 3L);
      assertThat(stored())
          .hasSize(8)
          .doesNotContainKeys("shop#1", "shop#2")
          .doesNotContainValue("key of shop#1");
      if (!crashing.isDead()) {
        assertThat(fatal).isGreaterThan(8);
        return;
      }
    }
  }
}
