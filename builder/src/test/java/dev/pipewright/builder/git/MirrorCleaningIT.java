package dev.pipewright.builder.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.Repository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorCleaningIT {
  private static final SourceName SHOP = new SourceName("shop");
  private static final SourceName OTHER = new SourceName("other");

  @TempDir private Path folder;
  private Mirrors mirrors;
  private GitRepo repo;

  @BeforeEach
  void start() throws IOException {
    mirrors = new Mirrors(folder.resolve("mirrors"), true, InstantSource.system());
    repo = GitRepo.create(folder.resolve("origin"));
  }

  @AfterEach
  void stop() {
    mirrors.close();
  }

  private FetchRequest request(SourceName source, CommitId commit) {
    return new FetchRequest(source, repo.url(), commit, "refs/heads/main");
  }

  private Path mirrorOf(SourceName source) {
    return new MirrorFolders(folder.resolve("mirrors")).of(source);
  }

  private static long packs(Path mirror) throws IOException {
    try (Stream<Path> files = Files.list(mirror.resolve("objects/pack"))) {
      return files.filter(file -> file.toString().endsWith(".pack")).count();
    }
  }

  @Test
  void oneFetchAtATimeServesAllWhoAskForTheSameCommit() throws Exception {
    CommitId commit = repo.write("a", "b").commit("one");
    CountDownLatch together = new CountDownLatch(1);
    List<Future<Mirror>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 16; n++) {
        asked.add(
            threads.submit(
                () -> {
                  together.await();
                  return mirrors.confirmed(request(SHOP, commit));
                }));
      }
      together.countDown();
      for (Future<Mirror> mirror : asked) {
        assertThat(mirror.get().holds(commit)).isTrue();
      }
    }
    assertThat(packs(mirrorOf(SHOP))).as("fetches").isEqualTo(1);
  }

  @Test
  void mirrorOfASourceThatIsGoneIsRemovedAndMadeAgainWhenItComesBack() throws Exception {
    CommitId commit = repo.write("a", "b").commit("one");
    mirrors.fetched(request(SHOP, commit));
    mirrors.fetched(request(OTHER, commit));
    assertThat(mirrors.clean(List.of(OTHER)).removed()).as("used just now").isZero();
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(mirrorOf(SHOP), old);
    Files.setLastModifiedTime(mirrorOf(OTHER), old);

    Mirrors.Cleaned cleaned = mirrors.clean(List.of(OTHER));

    assertThat(cleaned.removed()).isEqualTo(1);
    assertThat(cleaned.bytes()).isPositive();
    assertThat(mirrorOf(SHOP)).doesNotExist();
    assertThat(mirrors.of(OTHER).holds(commit)).isTrue();
    assertThat(Files.getLastModifiedTime(mirrorOf(OTHER))).as("use is noted").isGreaterThan(old);
    assertThat(mirrors.fetched(request(SHOP, commit)).holds(commit)).isTrue();
  }

  @Test
  void packsOfManyFetchesBecomeFewAndAllCommitsStay() throws Exception {
    List<CommitId> commits = new ArrayList<>();
    for (int n = 0; n <= Upkeep.MOST_PACKS; n++) {
      commits.add(repo.write("a", "content " + n).commit("number " + n));
      mirrors.fetched(request(SHOP, commits.getLast()));
    }
    assertThat(packs(mirrorOf(SHOP))).isGreaterThan(Upkeep.MOST_PACKS);
    makePacksOld(mirrorOf(SHOP));

    assertThat(mirrors.clean(List.of(SHOP)).removed()).isZero();

    assertThat(packs(mirrorOf(SHOP))).isLessThanOrEqualTo(2);
    Mirror mirror = mirrors.of(SHOP);
    assertThat(mirror.commits()).containsExactlyInAnyOrderElementsOf(commits);
    assertThat(mirror.changed(commits.getFirst(), commits.getLast())).containsExactly("a");
    CommitId next = repo.write("b", "new").commit("next");
    assertThat(mirrors.confirmed(request(SHOP, next)).holds(next)).isTrue();
  }

  /** Packs of the last hour may be read by somebody, and stay for one more cleaning. */
  private static void makePacksOld(Path mirror) throws IOException {
    try (Stream<Path> files = Files.list(mirror.resolve("objects/pack"))) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
      }
    }
  }

  @Test
  void oldestCommitsAreLetGoAndFetchedAgainWhenAskedFor() throws Exception {
    CommitId first = repo.write("a", "1").commit("first");
    mirrors.fetched(request(SHOP, first));
    CommitId second = repo.write("a", "2").commit("second");
    Mirror mirror = mirrors.fetched(request(SHOP, second));
    try (Repository opened = new FileRepository(mirrorOf(SHOP).toFile())) {
      assertThat(new Upkeep(opened, 1).run("refs/pipewright/")).isTrue();
      assertThat(new Upkeep(opened, 1).run("refs/pipewright/")).as("nothing to do").isFalse();
    }
    assertThat(mirror.commits()).hasSize(1);
    assertThat(mirrors.fetched(request(SHOP, first)).holds(first)).isTrue();
    assertThat(mirrors.fetched(request(SHOP, second)).holds(second)).isTrue();
  }
}
