package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.CacheAnswer;
import dev.pipewright.protocol.api.CacheEntry;
import dev.pipewright.protocol.api.LaunchOrder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches, and the blobs they are made of. */
class CachesTest {
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
  }

  private BlobDigest upload(LaunchOrder run, String content) throws IOException {
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

  private void store(LaunchOrder run, String key, BlobDigest blob) {
    bench.cases.services().caches().store(run.run(), new CacheEntry(run.fence(), key, blob, 1));
  }

  private CacheAnswer find(LaunchOrder run, String key) {
    return bench.cases.services().caches().find(run.run(), key);
  }

  private boolean isKept(BlobDigest blob) {
    return bench.storage.blobs().size(blob).isPresent();
  }

  @Test
  void whatOneRunKeepsTheNextOneFinds() throws Exception {
    LaunchOrder one = bench.running();
    assertThat(find(one, "maven-1").reason())
        .isEqualTo("Nothing is kept for 'maven-1', nor for any other key yet.");
    BlobDigest blob = upload(one, "jars");
    store(one, "maven-1", blob);
    bench.finish(one, 2);
    bench.restart();
    LaunchOrder two = bench.running();
    assertThat(find(two, "maven-1"))
        .isEqualTo(new CacheAnswer(blob, 4, "stored by shop#1 at 2026-11-20T12:00:00Z"));
    CacheAnswer miss = find(two, "maven-2");
    assertThat(miss.blob()).isNull();
    assertThat(miss.reason())
        .isEqualTo(
            "Nothing is kept for 'maven-2'; the newest is 'maven-1', stored by shop#1 at"
                + " 2026-11-20T12:00:00Z.");
    LaunchOrder other = bench.running(Samples.plan("other"));
    assertThat(find(other, "maven-1").blob()).isNull();
    assertThat(bench.cases.services().caches().isOf(two.run(), blob)).isTrue();
    assertThat(bench.cases.services().caches().isOf(other.run(), blob)).isFalse();
  }

  @Test
  void theNewestWinsAndTheOldBytesGo() throws Exception {
    LaunchOrder run = bench.running();
    BlobDigest old = upload(run, "old jars");
    BlobDigest fresh = upload(run, "new jars");
    store(run, "maven", old);
    store(run, "maven", fresh);
    assertThat(find(run, "maven").blob()).isEqualTo(fresh);
    assertThat(isKept(old)).isFalse();
    assertThat(isKept(fresh)).isTrue();
  }

  @Test
  void whatNobodyUsesForTwoWeeksGoes() throws Exception {
    LaunchOrder run = bench.running();
    BlobDigest used = upload(run, "used");
    BlobDigest unused = upload(run, "unused");
    store(run, "used", used);
    store(run, "unused", unused);
    bench.pass(Duration.ofDays(13));
    assertThat(find(run, "used").blob()).isEqualTo(used);
    bench.pass(Duration.ofDays(2));
    bench.cases.sweep();
    assertThat(find(run, "used").blob()).isEqualTo(used);
    assertThat(find(run, "unused").blob()).isNull();
    assertThat(isKept(used)).isTrue();
    assertThat(isKept(unused)).isFalse();
  }

  @Test
  void bytesThatSomebodyElseStoredTooStay() throws Exception {
    LaunchOrder run = bench.running();
    LaunchOrder neighbour = bench.running(Samples.plan("other"));
    BlobDigest shared = upload(run, "shared");
    assertThat(upload(neighbour, "shared")).isEqualTo(shared);
    BlobDigest service = upload(run, "service");
    assertThat(
            bench
                .cases
                .services()
                .blobs()
                .put(service, new ByteArrayInputStream("service".getBytes(StandardCharsets.UTF_8))))
        .isTrue();
    store(run, "a", shared);
    store(run, "b", service);
    store(run, "a", upload(run, "next a"));
    store(run, "b", upload(run, "next b"));
    assertThat(isKept(shared)).isTrue();
    assertThat(isKept(service)).isTrue();
  }

  /** Else a run could have the artifacts of others dropped, or read the caches of others. */
  @Test
  void aRunCannotCallTheBytesOfOthersItsCache() throws Exception {
    LaunchOrder owner = bench.running(Samples.plan("other"));
    BlobDigest artifact = upload(owner, "artifact");
    LaunchOrder thief = bench.running();
    assertThatThrownBy(() -> store(thief, "mine", artifact))
        .hasMessageContaining("did not upload the blob");
    BlobDigest nothing = BlobDigest.of(new byte[] {1});
    assertThatThrownBy(() -> store(thief, "mine", nothing)).hasMessageContaining("is not here");
  }

  @Test
  void aPipelineHasAHundredCaches() throws Exception {
    LaunchOrder run = bench.running();
    for (int i = 0; i <= 100; i++) {
      bench.pass(Duration.ofSeconds(1));
      store(run, "key " + i, upload(run, "content " + i));
    }
    assertThat(find(run, "key 0").blob()).isNull();
    assertThat(find(run, "key 1").blob()).isNotNull();
    assertThat(find(run, "key 100").blob()).isNotNull();
  }

  @Test
  void pipelineCodeHasNoCaches() throws Exception {
    LaunchOrder code = bench.running(bench.order(Samples.plan("code"), Samples.SHOP, true));
    assertThat(find(code, "maven").reason()).contains("builds pipeline code");
    BlobDigest blob = upload(code, "x");
    assertThatThrownBy(() -> store(code, "maven", blob)).hasMessageContaining("keeps no caches");
    for (String key : List.of("", " ", "a\nb", "x".repeat(501))) {
      LaunchOrder run = bench.running();
      assertThatThrownBy(() -> find(run, key)).hasMessageContaining("The key of a cache");
    }
  }

  @Test
  void aRunBringsOnlySoMuchAndOnlyFreshBytesCount() throws Exception {
    LaunchOrder run = bench.running();
    RunId id = run.run();
    Blobs blobs = new Blobs(bench.storage, bench.cases.services().live(), 10);
    assertThat(put(blobs, run, "123456")).isTrue();
    assertThat(put(blobs, run, "123456")).isTrue();
    assertThatThrownBy(() -> put(blobs, run, "abcdef"))
        .hasMessageContaining("The run shop#1 has kept 10 bytes, which is the most");
    assertThat(put(blobs, run, "1234")).isTrue();
    Blobs again = new Blobs(bench.storage, bench.cases.services().live(), 10);
    assertThatThrownBy(() -> put(again, run, "z")).hasMessageContaining("the most for one run");
    assertThat(bench.storage.blobs().size(BlobDigest.of("z".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThatThrownBy(
            () ->
                again.putFor(
                    id, 9, BlobDigest.of(new byte[0]), new ByteArrayInputStream(new byte[0])))
        .hasMessageContaining("was replaced");
    bench.finish(run, 2);
    assertThatThrownBy(() -> put(again, run, "")).hasMessageContaining("is finished");
  }

  private static boolean put(Blobs blobs, LaunchOrder run, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return blobs.putFor(
        run.run(), run.fence(), BlobDigest.of(bytes), new ByteArrayInputStream(bytes));
  }

  @Test
  void wrongBytesAreNotStoredAndDoNotCount() throws Exception {
    LaunchOrder run = bench.running();
    Blobs blobs = new Blobs(bench.storage, bench.cases.services().live(), 10);
    BlobDigest digest = BlobDigest.of("right".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 5; i++) {
      assertThat(
              blobs.putFor(
                  run.run(),
                  run.fence(),
                  digest,
                  new ByteArrayInputStream("wrong".getBytes(StandardCharsets.UTF_8))))
          .isFalse();
    }
    assertThat(isKept(digest)).isFalse();
    assertThat(put(blobs, run, "right")).isTrue();
  }
}
