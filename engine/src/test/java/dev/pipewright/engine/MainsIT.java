package dev.pipewright.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Pipeline;
import dev.pipewright.dsl.PipelineDefinition;
import dev.pipewright.dsl.Pipelines;
import dev.pipewright.dsl.Steps;
import dev.pipewright.dsl.Triggers;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.report.RunListener;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine's processes from outside, and the local run. */
@Timeout(180)
final class MainsIT {
  private final Path folder;

  MainsIT(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Waits for ever. */
  public static final class Waiting implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("wait")
          .startedBy(Triggers.manually())
          .runs(Steps.sh("wait", "echo $$ > pid; echo waiting; sleep 300"));
    }
  }

  /** Fails. */
  public static final class Failing implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("fail")
          .startedBy(Triggers.manually())
          .runs(Steps.sh("fail", "exit 3"));
    }
  }

  private Process java(Map<String, String> environment, Class<?> main, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Map<String, String> assigned(FakeServer server, PipelineDefinition definition)
      throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar)) {
      zip.putNextEntry(new ZipEntry("empty"));
    }
    var planned = PlanReader.read(definition.define(), definition.getClass().getName());
    RunId run = new RunId(planned.plan().pipeline(), 1);
    server.assign(
        new Assignment(
            run,
            1,
            1,
            new SourceName("s"),
            "refs/heads/main",
            new CommitId("a".repeat(40)),
            new Cause("manual", null, null, null),
            server.store(jar.toByteArray()),
            planned.plan(),
            Map.of(),
            null,
            "/git/s"));
    return Map.of(
        "PIPEWRIGHT_SERVER", server.address().toString(),
        "PIPEWRIGHT_RUN", run.toString(),
        "PIPEWRIGHT_RUN_TOKEN", "t",
        "PIPEWRIGHT_WORKSPACE", folder.resolve("ws").toString());
  }

  @Test
  void theEngineEndsWithZeroOnceEverythingIsStored() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Process engine = java(assigned(server, new Failing()), EngineMain.class);

      assertThat(engine.waitFor()).isZero();
      assertThat(server.outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void anEngineThatIsTerminatedTakesItsStepsWithItAndLeavesTheRunToAnother() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Process engine = java(assigned(server, new Waiting()), EngineMain.class);
      Awaitility.await().until(() -> server.log("wait").contains("waiting"));
      long step = Long.parseLong(Files.readString(folder.resolve("ws/work/pid")).strip());

      engine.destroy();

      assertThat(engine.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(engine.exitValue()).isEqualTo(143);
      assertThat(server.outcome()).isNull();
      assertThat(server.events().getLast()).isInstanceOf(RunEvent.StepStarted.class);
      Awaitility.await().until(() -> !ProcessIT.runs(step));
    }
  }

  @Test
  void anEngineThatIsTerminatedAfterACancelEndsTheRun() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Process engine = java(assigned(server, new Waiting()), EngineMain.class);
      Awaitility.await().until(() -> server.log("wait").contains("waiting"));

      server.cancel("ann");
      engine.destroy();

      assertThat(engine.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(server.outcome()).isEqualTo(Outcome.CANCELLED);
    }
  }

  /** Ends the process in a step. */
  public static final class Quitting implements PipelineDefinition {
    @Override
    public Pipeline define() {
      return Pipelines.pipeline("quit")
          .startedBy(Triggers.manually())
          .runs(
              Steps.step("quit", _ -> System.exit(0))
                  .ensure(Steps.step("quit again", _ -> System.exit(0)).allowFailure()));
    }
  }

  @Test
  void aStepThatEndsTheProcessIsBrokenAndTheEngineTellsSo() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Process engine = java(assigned(server, new Quitting()), EngineMain.class);

      assertThat(engine.waitFor()).isZero();
      assertThat(server.outcome()).isEqualTo(Outcome.ERRORED);
      assertThat(server.log("quit"))
          .contains("The step called System.exit")
          .contains("MainsIT.java");
    }
  }

  /** Ends the process in {@code define()}, except in this test's own. */
  public static final class Undefined implements PipelineDefinition {
    @Override
    public Pipeline define() {
      if (System.getenv("PIPEWRIGHT_RUN") != null) {
        System.exit(0);
      }
      return Pipelines.pipeline("undefined")
          .startedBy(Triggers.manually())
          .runs(Steps.sh("never", "true"));
    }
  }

  @Test
  void aDefinitionThatEndsTheProcessIsAReasonInWords() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Process engine = java(assigned(server, new Undefined()), EngineMain.class);

      assertThat(engine.waitFor()).isZero();
      assertThat(server.outcome()).isEqualTo(Outcome.ERRORED);
      assertThat(server.events().getLast().toString()).contains("define() called System.exit");
    }
  }

  @Test
  void anEngineOnStandbyDoesTheRunItIsToldOnItsInputAndHoldsNoTokenBefore() throws Exception {
    try (FakeServer server = FakeServer.start()) {
      Map<String, String> known = new HashMap<>(assigned(server, new Failing()));
      Map<String, String> told = new HashMap<>();
      for (String later : List.of("PIPEWRIGHT_RUN", "PIPEWRIGHT_RUN_TOKEN")) {
        told.put(later, known.remove(later));
      }
      Process engine = java(known, EngineMain.class, "--standby");
      assertThat(engine.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
      assertThat(server.events()).isEmpty();

      engine.getOutputStream().write(Json.bytes(told));
      engine.getOutputStream().write('\n');
      engine.getOutputStream().flush();

      assertThat(engine.waitFor()).isZero();
      assertThat(server.outcome()).isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void anEngineOnStandbyEndsWhenNobodyIsThereAnyMoreWhoCouldTellItItsRun() throws Exception {
    Process engine = java(Map.of(), EngineMain.class, "--standby");
    engine
        .getOutputStream()
        .write("{\"PIPEWRIGHT_RUN\":\"cut#1\"}".getBytes(StandardCharsets.UTF_8));

    engine.getOutputStream().close();

    assertThat(engine.waitFor()).isEqualTo(6);
  }

  @Test
  void anEngineOnStandbyRefusesSettingsItCannotRead() throws Exception {
    Process engine = java(Map.of(), EngineMain.class, "--standby");
    engine.getOutputStream().write("the-token\n".getBytes(StandardCharsets.UTF_8));
    engine.getOutputStream().flush();

    assertThat(engine.waitFor()).isEqualTo(2);
  }

  @Test
  void aWrongStartSaysWhatIsMissing() throws Exception {
    assertThat(java(Map.of("PIPEWRIGHT_RUN", "x"), EngineMain.class).waitFor()).isEqualTo(2);
  }

  @Test
  void theWarmUpEndsWell() throws Exception {
    Process warmUp = java(Map.of(), EngineMain.class, "--warm-up");

    assertThat(warmUp.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(warmUp.exitValue()).isZero();
  }

  @Test
  void aDescriptionIsOneDocumentWhateverTheUserPrints() throws Exception {
    Path classes = Path.of(Noisy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path own = folder.resolve("own/dev/pipewright/engine");
    Files.createDirectories(own);
    String name = "MainsIT$Noisy.class";
    Files.copy(classes.resolve("dev/pipewright/engine").resolve(name), own.resolve(name));

    Process describe = java(Map.of(), DescribeMain.class, folder.resolve("own").toString());
    String json = new String(describe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(describe.waitFor()).isZero();
    assertThat(Json.read(json, DescribeResult.class).plans()).hasSize(1);
  }

  /** Prints while it is described. */
  public static final class Noisy implements PipelineDefinition {
    @Override
    public Pipeline define() {
      System.out.println("noise");
      return Pipelines.pipeline("noisy")
          .startedBy(Triggers.manually())
          .runs(Steps.checkout(), Steps.sh("a", "echo $PIPEWRIGHT_SOURCE $WHO").env("WHO", "me"));
    }
  }

  @Test
  void aLocalRunKeepsItsStateInItsFolder() throws Exception {
    Path classes = Path.of(Noisy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path own = folder.resolve("own/dev/pipewright/engine");
    Files.createDirectories(own);
    String name = "MainsIT$Noisy.class";
    Files.copy(classes.resolve("dev/pipewright/engine").resolve(name), own.resolve(name));
    StringBuilder heard = new StringBuilder();
    RunListener listener =
        new RunListener() {
          @Override
          public void event(EventEnvelope event) {}

          @Override
          public void output(StepPath step, byte[] bytes) {
            heard.append(new String(bytes, StandardCharsets.UTF_8));
          }
        };
    LocalRun.Request request =
        new LocalRun.Request(
            List.of(folder.resolve("own")),
            "noisy",
            null,
            folder,
            folder.resolve("runs"),
            Map.of(),
            System.getenv(),
            Map.of());

    LocalRun.Result first = LocalRun.run(request, listener, Cancellation.root());
    LocalRun.Result second = LocalRun.run(request, listener, Cancellation.root());

    assertThat(first.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(second.run()).hasToString("noisy#2");
    assertThat(second.folder().resolve("events.jsonl")).isNotEmptyFile();
    assertThat(second.folder().resolve("logs/a.log")).hasContent("local me");
    assertThat(heard).contains("local me");
  }
}
