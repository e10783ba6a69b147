package dev.pipewright.engine;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.approval;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Steps.withLock;
import static dev.pipewright.dsl.Triggers.manually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Parameter;
import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several launches of one run over HTTP, with real steps that count how often they were done in
 * {@code $HOME/done}, which no workspace contains.
 */
@Timeout(180)
final class ContinuedRunIT {
  private static final RunId RUN = RunId.parse("shop#42");
  private static final Duration OUTAGE = Duration.ofSeconds(20);

  private final Path home;
  private final Path folder;
  private final FakeServer server;
  private final ExecutorService pumps =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
  private long fence;

  ContinuedRunIT(@TempDir Path home) throws IOException {
    this.home = home;
    this.folder = home.resolve("run");
    this.server = FakeServer.start();
  }

  @AfterEach
  void close() {
    server.close();
    pumps.shutdownNow();
  }

  /** Waits in the middle until {@code $HOME/go} exists. */
  public static final class Stopping implements PipelineDefinition {
    private static final Output<String> VERSION = Output.text("version");

    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              step("version", step -> step.set(VERSION, "v1")),
              sh("once", "echo once >> $HOME/done; echo made > file").keeps("file").atMostOnce(),
              sh(
                      "middle",
                      "echo middle >> $HOME/done; while [ ! -e $HOME/go ]; do sleep 0.05; done")
                  .ensure(sh("sweep", "echo sweep >> $HOME/done")),
              step(
                  "last",
                  step -> step.sh("cat file; echo last >> $HOME/done; echo", step.get(VERSION))));
    }
  }

  /** Needs nobody but its machine. */
  public static final class Alone implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              sh("first", "echo first >> $HOME/done; sleep 0.5"),
              sh("second", "echo second >> $HOME/done"),
              sh(
                  "middle",
                  "echo middle >> $HOME/done; while [ ! -e $HOME/go ]; do sleep 0.05; done"),
              sh("last", "echo last >> $HOME/done"));
    }
  }

  /** May happen only once, and stops in it until {@code $HOME/go} exists. */
  public static final class Deploying implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              sh(
                      "deploy",
                      "echo deploy >> $HOME/done; while [ ! -e $HOME/go ]; do sleep 0.05; done")
                  .atMostOnce(),
              sh("last", "echo last >> $HOME/done"));
    }
  }

  /** Asks. */
  public static final class Asking implements PipelineDefinition {
    private static final Parameter<String> WHERE = Parameter.choice("where", "here", "there");

    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              sh("before", "echo before >> $HOME/done"),
              approval("ship").asks("Ship?").takes(WHERE),
              step("last", step -> step.log("to " + step.get(WHERE))));
    }
  }

  /** Holds a lock. */
  public static final class Locking implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return pipeline("shop")
          .startedBy(manually())
          .runs(
              withLock(
                  "prod",
                  sh("inside", "echo $PIPEWRIGHT_LOCK $PIPEWRIGHT_LOCK_FENCE >> $HOME/done")));
    }
  }

  private record Attempt(int number, @Nullable String from, @Nullable String reason) {}

  private void assign(Class<?> definition, Attempt attempt) throws IOException {
    fence++;
    server.fence(fence);
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      zip.putNextEntry(new ZipEntry("empty"));
    }
    BlobDigest bundle = server.store(jar.toByteArray());
    server.assign(
        new Assignment(
            RUN,
            attempt.number(),
            fence,
            new SourceName("shop"),
            "refs/heads/main",
            new CommitId("a".repeat(40)),
            new Cause("push", "ann", null, null),
            bundle,
            new Plan(RUN.pipeline(), definition.getName(), List.of(), null, List.of()),
            Map.of(),
            null,
            "/git/shop",
            !server.history().isEmpty(),
            attempt.from() == null ? null : new StepPath(attempt.from()),
            attempt.reason(),
            server.answers(),
            server.logEnds()));
  }

  private void assign(Class<?> definition) throws IOException {
    assign(definition, new Attempt(1, null, null));
  }

  private Delivery launch() throws Exception {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    EngineConfig config =
        new EngineConfig(
            server.address(),
            RUN,
            "token",
            folder,
            new ProcessConfig(path, home.toString(), Duration.ofMillis(300)));
    return new ServerRun(config, new Outage(OUTAGE), InstantSource.system(), pumps).run();
  }

  /** An engine in a process of its own, which can be killed. */
  private Process engine() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EngineMain.class.getName());
    builder.inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "PIPEWRIGHT_SERVER", server.address().toString(),
                "PIPEWRIGHT_RUN", RUN.toString(),
                "PIPEWRIGHT_RUN_TOKEN", "t",
                "PIPEWRIGHT_WORKSPACE", folder.toString(),
                "HOME", home.toString()));
    return builder.start();
  }

  private String done() {
    try {
      Path file = home.resolve("done");
      return Files.exists(file) ? Files.readString(file).strip().replace('\n', ' ') : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitDone(String what) {
    Awaitility.await().until(() -> done().endsWith(what));
  }

  private void go() throws IOException {
    Files.createFile(home.resolve("go"));
  }

  private static void kill(Process engine) throws InterruptedException {
    engine.destroyForcibly().waitFor();
  }

  @Test
  void aKilledEngineIsContinuedAtTheStepItWasIn() throws Exception {
    assign(Stopping.class);
    Process engine = engine();
    awaitDone("middle");
    Awaitility.await().until(() -> server.events().size() > 5);
    kill(engine);
    assertThat(server.outcome()).isNull();

    assign(Stopping.class);
    go();
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done()).isEqualTo("once middle middle sweep last");
    assertThat(server.log("last")).isEqualTo("made\nv1\n");
    assertThat(server.log("middle"))
        .isEqualTo("[continued by another engine: the step is done once more]\n");
    assertThat(server.events()).filteredOn(RunEvent.RunResumed.class::isInstance).hasSize(1);
    assertThat(server.events())
        .filteredOn(RunEvent.StepFinished.class::isInstance)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatWasFinishedWhileTheServerWasAwayIsNotDoneAgain() throws Exception {
    assign(Alone.class);
    Process engine = engine();
    awaitDone("first");
    server.failNext(Integer.MAX_VALUE);
    awaitDone("middle");
    kill(engine);
    server.failNext(0);
    assertThat(server.events().toString()).doesNotContain("StepFinished[path=second");

    assign(Alone.class);
    go();
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done()).isEqualTo("first second middle middle last");
    assertThat(server.events())
        .filteredOn(RunEvent.StepFinished.class::isInstance)
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  @Test
  void aLostWorkspaceBeginsAnewButWhatMayHappenOnlyOnceStaysDone() throws Exception {
    assign(Stopping.class);
    Process engine = engine();
    awaitDone("middle");
    Awaitility.await().until(() -> server.events().toString().contains("path=middle"));
    kill(engine);
    delete(folder);

    assign(Stopping.class);
    go();
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(done()).startsWith("once middle middle");
    assertThat(done().split("once", -1)).hasSize(2);
    assertThat(server.events())
        .filteredOn(RunEvent.RunStarted.class::isInstance)
        .last()
        .isEqualTo(new RunEvent.RunStarted(PipelineRun.VERSION, 2, null, "the workspace was lost"));
  }

  private static void delete(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aStepThatMayHappenOnlyOnceWaitsForAPersonIfItsEndIsUnknown() throws Exception {
    assign(Deploying.class);
    Process engine = engine();
    awaitDone("deploy");
    kill(engine);

    assign(Deploying.class);
    assertThat(launch()).isEqualTo(Delivery.WAITING);
    assertThat(server.events().getLast()).isInstanceOf(RunEvent.RunWaiting.class);

    server.answer(answer("deploy", Answer.Verdict.APPROVED, Map.of("end", "happened")));
    assign(Deploying.class);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done()).isEqualTo("deploy last");
    assertThat(server.events().toString()).contains("reason=happened, says ann: yes");
  }

  private static Answer answer(String key, Answer.Verdict verdict, Map<String, String> values) {
    return new Answer(key, verdict, "ann", "yes", Instant.now(), values);
  }

  @Test
  void anApprovalLeavesTheRunWaitingAndTheAnswerGoesOn() throws Exception {
    assign(Asking.class);
    assertThat(launch()).isEqualTo(Delivery.WAITING);
    assertThat(server.events().getLast()).isEqualTo(new RunEvent.RunWaiting("Ship?"));

    server.answer(answer("ship", Answer.Verdict.APPROVED, Map.of("where", "there")));
    assign(Asking.class);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(server.log("last")).isEqualTo("to there\n");
    assertThat(done()).isEqualTo("before");
    assertThat(server.events().toString()).contains("reason=approved by ann: yes");
  }

  @Test
  void anAnswerCountsInASecondAttemptThoughNoEngineOfTheFirstEverTold() throws Exception {
    Attempt second = new Attempt(2, null, "run again");
    assign(Asking.class, second);
    assertThat(launch()).isEqualTo(Delivery.WAITING);
    String key =
        server.events().stream()
            .filter(RunEvent.StepWaiting.class::isInstance)
            .map(event -> ((RunEvent.StepWaiting) event).key())
            .findFirst()
            .orElseThrow();

    server.answer(answer(key, Answer.Verdict.APPROVED, Map.of("where", "there")));
    assign(Asking.class, second);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(server.log("last")).isEqualTo("to there\n");
  }

  @Test
  void aLockThatComesSoonIsTakenWithoutAnotherLaunchAndGivenBack() throws Exception {
    server.hold("prod");
    assign(Locking.class);
    String key = "/0//lock prod";
    Thread other =
        Thread.ofVirtual()
            .start(
                () -> {
                  Awaitility.await()
                      .until(() -> server.events().toString().contains("StepWaiting"));
                  server.grant("prod", key);
                  server.answer(answer(key, Answer.Verdict.GRANTED, Map.of("grant", "9")));
                });

    assertThat(launch()).isEqualTo(Delivery.COMPLETE);
    other.join();

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done()).isEqualTo("prod 9");
    assertThat(server.holder("prod")).isNull();
  }

  @Test
  void aLockThatDoesNotComeLeavesTheRunWaiting() throws Exception {
    server.hold("prod");
    assign(Locking.class);
    assertThat(launch()).isEqualTo(Delivery.WAITING);

    String key = "/0//lock prod";
    server.grant("prod", key);
    server.answer(answer(key, Answer.Verdict.GRANTED, Map.of("grant", "9")));
    assign(Locking.class);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(done()).isEqualTo("prod 7");
    assertThat(server.holder("prod")).isNull();
  }

  @Test
  void aRerunFromAStepUsesTheFilesOfTheWorkspaceAndTheOutputs() throws Exception {
    go();
    assign(Stopping.class);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assign(Stopping.class, new Attempt(2, "last", "wanted by ann"));
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(done()).isEqualTo("once middle sweep last last");
    assertThat(server.events())
        .contains(
            new RunEvent.RunStarted(PipelineRun.VERSION, 2, StepPath.of("last"), "wanted by ann"));
  }

  @Test
  void aRerunWithoutTheWorkspaceIsRefusedForAStepWhoseFilesWereNotKept() throws Exception {
    go();
    assign(Stopping.class);
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);
    delete(folder);

    assign(Stopping.class, new Attempt(2, "last", null));
    assertThat(launch()).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(server.events().getLast().toString())
        .contains("The workspace is gone, and what 'version' left in it was not kept.");
    assertThat(done()).isEqualTo("once middle sweep last");
  }
}
