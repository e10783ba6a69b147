package dev.pipewright.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.builder.image.EngineJars;
import dev.pipewright.builder.meta.Code;
import dev.pipewright.builder.meta.Forks;
import dev.pipewright.builder.testing.GitRepo;
import dev.pipewright.builder.testing.MavenRepo;
import dev.pipewright.builder.testing.StateInMemory;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsIT {
  private static final String MAIN = "refs/heads/main";

  private final StateInMemory state = new StateInMemory();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private GitRepo repo;
  private MavenRepo libraries;
  private SourceView shop;
  private Builder builder;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    repo = GitRepo.create(temporary.resolve("origin"));
    shop = state.source(new SourceName("shop"), repo.url());
    state.engine(Forks::execute);
    libraries = new MavenRepo(temporary.resolve("maven"));
    Path data = temporary.resolve("data");
    WorkClient client =
        new WorkClient(new HttpTransport(state.uri(), "service", Duration.ofSeconds(20)), "b1");
    Path javaHome = Path.of(System.getProperty("java.home"));
    builder =
        Builder.start(
            BuilderConfig.of(data, state.uri(), EngineJars.of(List.of()), javaHome)
                .withLibraries(libraries.url()),
            client,
            () -> InstantSource.system().instant().plus(ahead.get()));
  }

  @AfterEach
  void stop() {
    builder.close();
    state.close();
  }

  private CommitId commit(String code) throws IOException {
    return repo.write(".pipewright/ShopPipeline.java", code).commit("change");
  }

  @Test
  void buildsCodeOnceHoweverManyCommitsHoldIt() throws Exception {
    CommitId first = commit(Code.SHOP);
    CommitId second = repo.write("README", "text").commit("other");
    VersionAnswer one = state.resolve(shop, MAIN, first);
    VersionAnswer two = state.resolve(shop, null, null);
    assertThat(one.state()).isEqualTo(VersionAnswer.State.READY);
    assertThat(one.plans()).singleElement().asString().contains("shop");
    assertThat(one.versionKey()).matches("shop-[0-9a-f]{16}");
    assertThat(two.versionKey()).isEqualTo(one.versionKey());
    assertThat(two.bundle()).isEqualTo(one.bundle());
    assertThat(two.ref()).isEqualTo(MAIN);
    assertThat(two.commit()).isEqualTo(second);
    assertThat(state.runCount()).isEqualTo(1);
  }

  @Test
  void sameCodeWantedManyTimesAtOnceIsBuiltOnce() throws Exception {
    CommitId commit = commit(Code.SHOP);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<VersionAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(threads.submit(() -> state.resolve(shop, MAIN, commit)));
      }
      for (Future<VersionAnswer> answer : answers) {
        assertThat(answer.get().state()).isEqualTo(VersionAnswer.State.READY);
      }
    }
    assertThat(state.runCount()).isEqualTo(1);
  }

  @Test
  void codeThatDoesNotCompileFailsWithFileAndLineAndKey() throws Exception {
    CommitId commit = commit(Code.SHOP.replace("\"shop\"", "42"));
    VersionAnswer answer = state.resolve(shop, MAIN, commit);
    assertThat(answer.state()).isEqualTo(VersionAnswer.State.FAILED);
    assertThat(answer.reason()).contains("ShopPipeline.java:9: ");
    assertThat(answer.versionKey()).startsWith("shop-");
    assertThat(answer.commit()).isEqualTo(commit);
  }

  @Test
  void codeWhoseTestFailsIsNotUsed() throws Exception {
    repo.write(".pipewright/ShopPipelineTest.java", Code.RED_TEST);
    VersionAnswer answer = state.resolve(shop, MAIN, commit(Code.SHOP));
    assertThat(answer.state()).isEqualTo(VersionAnswer.State.FAILED);
    assertThat(answer.reason()).contains("ShopPipelineTest.java:10: sumsAreRight: sums");
    assertThat(answer.versionKey()).startsWith("shop-");
  }

  @Test
  void librariesAreInTheBundleAndUnknownOnesFailTheRunInWords() throws Exception {
    String code = "//DEPS org.example:greeting:1.0\n" + Code.SHOP;
    VersionAnswer absent = state.resolve(shop, MAIN, commit(code));
    assertThat(absent.reason())
        .isEqualTo(
            "The library org.example:greeting:1.0 is not in the repository. Check its name and"
                + " version.");
    assertThat(absent.versionKey()).startsWith("shop-");
    libraries.with("greeting", "Greeting", "hello", "words").with("words", "Words", "all", "");
    VersionAnswer answer =
        state.resolve(
            shop, MAIN, commit(code.replace("\"echo hello\"", "org.example.Greeting.text()")));
    assertThat(answer.state()).as(answer.reason()).isEqualTo(VersionAnswer.State.READY);
    String bundle =
        new String(
            state.blob(Objects.requireNonNull(answer.bundle())),
            java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(bundle)
        .contains("libraries/000-greeting-1.0.jar")
        .contains("libraries/001-words-1.0.jar");
  }

  @Test
  void lostRunIsNotHeldAgainstTheCode() throws Exception {
    CommitId commit = commit(Code.SHOP);
    state.runsEnd(new StateInMemory.Execution(Outcome.ERRORED, "host lost", List.of()));
    VersionAnswer lost = state.resolve(shop, MAIN, commit);
    assertThat(lost.state()).isEqualTo(VersionAnswer.State.UNAVAILABLE);
    assertThat(lost.reason()).contains("ERRORED").contains("host lost");
    assertThat(lost.versionKey()).isNull();
    state.engine(Forks::execute);
    assertThat(state.resolve(shop, MAIN, commit).state()).isEqualTo(VersionAnswer.State.READY);
    assertThat(state.runCount()).isEqualTo(2);
  }

  @Test
  void commitWithoutPipelineCodeIsReadyWithoutPlans() throws Exception {
    CommitId commit = repo.write(".pipewright/README", "text").commit("one");
    VersionAnswer answer = state.resolve(shop, MAIN, commit);
    assertThat(answer.state()).isEqualTo(VersionAnswer.State.READY);
    assertThat(answer.plans()).isEmpty();
    assertThat(answer.versionKey()).isNull();
    assertThat(state.runCount()).isZero();
  }

  @Test
  void ofACommitThatAnybodyMayHaveMadeNothingIsBuilt() throws Exception {
    CommitId main = commit(Code.SHOP);
    CommitId hostile = commit(Code.SHOP.replace("\"shop\"", "42"));
    repo.git("update-ref", "refs/pull/7/head", hostile.value());
    repo.git("reset", "-q", "--hard", main.value());

    VersionAnswer answer = state.resolveCommit(shop, "refs/pull/7/head", hostile);

    assertThat(answer.state()).as(answer.reason()).isEqualTo(VersionAnswer.State.READY);
    assertThat(answer.commit()).isEqualTo(hostile);
    assertThat(answer.subject()).isEqualTo("change");
    assertThat(answer.plans()).isEmpty();
    assertThat(state.runCount()).isZero();
    VersionAnswer unnamed = state.resolveCommit(shop, "refs/pull/7/head", null);
    assertThat(unnamed.commit()).isEqualTo(hostile);
    VersionAnswer forged = state.resolve(shop, MAIN, hostile);
    assertThat(forged.state()).isEqualTo(VersionAnswer.State.ABSENT);
    assertThat(forged.reason()).contains("does not hold the commit");
  }

  @Test
  void aRefThatComesAfterItsHookIsAbsentUntilThen() throws Exception {
    commit(Code.SHOP);
    CommitId early = new CommitId(repo.git("commit-tree", "-m", "early", "HEAD^{tree}").strip());
    assertThat(state.resolve(shop, "refs/heads/late", early).state())
        .isEqualTo(VersionAnswer.State.ABSENT);
    repo.git("update-ref", "refs/heads/late", early.value());
    assertThat(state.resolve(shop, "refs/heads/late", early).state())
        .isEqualTo(VersionAnswer.State.READY);
  }

  @Test
  void unknownRefFailsInWords() throws Exception {
    commit(Code.SHOP);
    VersionAnswer answer = state.resolve(shop, "nowhere", null);
    assertThat(answer.state()).isEqualTo(VersionAnswer.State.FAILED);
    assertThat(answer.reason()).contains("no branch or tag 'nowhere'");
  }

  @Test
  void repositoryThatCannotBeReachedMayBeAskedAgain() throws Exception {
    CommitId commit = commit(Code.SHOP);
    SourceView gone = state.source(shop.name(), repo.folder().resolveSibling("gone").toString());
    VersionAnswer answer = state.resolve(gone, MAIN, commit);
    assertThat(answer.state()).isEqualTo(VersionAnswer.State.UNAVAILABLE);
    assertThat(answer.reason()).contains("Could not fetch from");
  }

  @Test
  void knownCommitIsAnsweredWithoutTheRepository() throws Exception {
    CommitId commit = commit(Code.SHOP);
    VersionAnswer first = state.resolve(shop, MAIN, commit);
    SourceView gone = state.source(shop.name(), "/nonexistent/repository");
    assertThat(state.resolve(gone, MAIN, commit)).isEqualTo(first);
  }

  @Test
  void repositoryThatIsAwayForAMomentLosesNoCommit() throws Exception {
    CommitId commit = commit(Code.SHOP);
    Path away = repo.folder().resolveSibling("away");
    Files.move(repo.folder(), away);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<VersionAnswer> answer = threads.submit(() -> state.resolve(shop, MAIN, commit));
      TimeUnit.MILLISECONDS.sleep(500);
      Files.move(away, repo.folder());
      assertThat(answer.get().state()).isEqualTo(VersionAnswer.State.READY);
    }
  }

  @Test
  void runThatWaitsLongInTheQueueIsNotHeldAgainstTheCommit() throws Exception {
    CommitId commit = commit(Code.SHOP);
    state.runsStay();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<VersionAnswer> first = threads.submit(() -> state.resolve(shop, MAIN, commit));
      await().until(() -> state.runCount() == 1);
      ahead.set(Duration.ofMinutes(10));
      Future<VersionAnswer> again = threads.submit(() -> state.resolve(shop, MAIN, commit));
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(first.isDone()).isFalse();
      state.endRuns(new StateInMemory.Execution(Outcome.FAILED, "wrong", List.of()));
      assertThat(again.get().reason()).isEqualTo("wrong");
      assertThat(state.runCount()).isEqualTo(1);
      first.cancel(true);
    }
  }
}
