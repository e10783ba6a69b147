package dev.pipewright.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.dsl.Pipelines;
import dev.pipewright.dsl.Steps;
import dev.pipewright.dsl.Triggers;
import dev.pipewright.engine.report.Delivery;
import dev.pipewright.engine.report.Outage;
import dev.pipewright.engine.step.ProcessConfig;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** A whole launch against a server over HTTP: good days, outages, cancel, and a newer launch. */
@Timeout(180)
final class ServerRunIT {
  private static final RunId RUN = RunId.parse("shop#42");

  private final Path workspace;
  private final FakeServer server;
  private final ExecutorService pumps =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());

  ServerRunIT(@TempDir Path folder) throws IOException {
    this.workspace = folder.resolve("workspace");
    this.server = FakeServer.start();
  }

  @AfterEach
  void close() {
    server.close();
    pumps.shutdownNow();
  }

  /** Prints, computes and keeps. */
  public static final class Good implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("shop")
          .startedBy(Triggers.manually())
          .runs(
              Steps.sh("say", "echo hello; cat seed.txt"),
              Steps.sh("make", "echo content > made.txt").keeps("*.txt"),
              Steps.stage("deep", Steps.step("java", step -> step.log("from java"))));
    }
  }

  /** Prints 20 MB. */
  public static final class Loud implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("shop")
          .startedBy(Triggers.manually())
          .runs(Steps.sh("loud", "head -c 20000000 /dev/zero"));
    }
  }

  /** Never ends by itself. */
  public static final class Endless implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("shop")
          .startedBy(Triggers.manually())
          .runs(
              Steps.sh("wait", "echo waiting; sleep 300").ensure(Steps.sh("sweep", "echo swept")));
    }
  }

  /** Prints for ever. */
  public static final class Chatty implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("shop")
          .startedBy(Triggers.manually())
          .runs(Steps.sh("talk", "while :; do echo talking; sleep 0.02; done"));
    }
  }

  /** Throws. */
  public static final class Throwing implements PipelineDefinition {
    @Override
    public Pipeline define() {
      throw new IllegalStateException("not today");
    }
  }

  private static byte[] zip(String name, String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private void assign(Class<?> definition, @Nullable BlobDigest seed) throws IOException {
    server.assign(
        new Assignment(
            RUN,
            1,
            1,
            new SourceName("shop"),
            "refs/heads/main",
            new CommitId("a".repeat(40)),
            new Cause("push", "ann", null, null),
            server.store(zip("empty", "")),
            new Plan(RUN.pipeline(), definition.getName(), List.of(), null, List.of()),
            Map.of(),
            seed,
            "/git/shop"));
  }

  private Delivery launch(Duration outage) throws Exception {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    EngineConfig config =
        new EngineConfig(
            server.address(),
            RUN,
            "token",
            workspace,
            new ProcessConfig(path, "/tmp", Duration.ofMillis(300)));
    return new ServerRun(config, new Outage(outage), InstantSource.system(), pumps).run();
  }

  @Test
  void aGoodRunIsReportedWhole() throws Exception {
    assign(Good.class, server.store(zip("seed.txt", "seeded\n")));

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(server.events().getFirst()).isInstanceOf(RunEvent.RunStarted.class);
    assertThat(server.log("say")).isEqualTo("hello\nseeded\n");
    assertThat(server.log("deep/java")).isEqualTo("from java\n");
    assertThat(server.events())
        .filteredOn(RunEvent.StepFinished.class::isInstance)
        .extracting(event -> ((RunEvent.StepFinished) event).path().value())
        .containsExactly("say", "make", "deep/java", "deep");
    assertThat(server.hasBlob(BlobDigest.of("content\n".getBytes(StandardCharsets.UTF_8))))
        .isTrue();
  }

  @Test
  void anOutageAndLostAnswersChangeNothing() throws Exception {
    assign(Loud.class, null);
    Thread trouble =
        Thread.ofVirtual()
            .start(
                () -> {
                  Awaitility.await().until(() -> server.bytes("loud").length > 1_000_000);
                  server.failNext(5);
                  server.dropNext(3);
                });

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.COMPLETE);
    trouble.join();

    assertThat(server.bytes("loud")).hasSize(20_000_000);
    assertThat(server.outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aCancelOfTheServerEndsTheRunAndEnsureStillRuns() throws Exception {
    assign(Endless.class, null);
    Thread person =
        Thread.ofVirtual()
            .start(
                () -> {
                  Awaitility.await().until(() -> server.log("wait").contains("waiting"));
                  server.cancel("ann");
                });

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.COMPLETE);
    person.join();

    assertThat(server.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(server.log("wait/sweep")).isEqualTo("swept\n");
    assertThat(server.events().getLast().toString())
        .contains("cancelled by ann")
        .doesNotContain("Cancelled by ann");
  }

  @Test
  void aNewerLaunchMakesThisOneStopEverything() throws Exception {
    assign(Endless.class, null);
    Thread other =
        Thread.ofVirtual()
            .start(
                () -> {
                  Awaitility.await().until(() -> server.log("wait").contains("waiting"));
                  server.fence(2);
                });

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.FENCED);
    other.join();

    assertThat(server.outcome()).isNull();
  }

  @Test
  void aServerThatStaysAwayEndsTheRun() throws Exception {
    assign(Chatty.class, null);
    Thread other =
        Thread.ofVirtual()
            .start(
                () -> {
                  Awaitility.await().until(() -> server.log("talk").contains("talking"));
                  server.failNext(Integer.MAX_VALUE);
                });

    assertThat(launch(Duration.ofMillis(500))).isEqualTo(Delivery.LOST);
    other.join();

    assertThat(server.outcome()).isNull();
  }

  @Test
  void aDefinitionThatThrowsIsAnErrorWithItsLine() throws Exception {
    assign(Throwing.class, null);

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(server.events().getLast().toString())
        .contains("not today")
        .contains("ServerRunIT.java:");
  }

  @Test
  void aSeedThatLeavesTheWorkspaceIsRefused() throws Exception {
    assign(Good.class, server.store(zip("../evil.txt", "x")));

    assertThat(launch(Duration.ofSeconds(20))).isEqualTo(Delivery.COMPLETE);

    assertThat(server.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(Files.exists(workspace.resolve("../evil.txt"))).isFalse();
  }
}
