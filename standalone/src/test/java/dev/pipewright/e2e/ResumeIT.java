package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.Folders;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines, servers and workspaces are lost in the middle of runs, and every step says how often.
 */
@Timeout(300)
class ResumeIT {
  private static final Logger LOG = LoggerFactory.getLogger(ResumeIT.class);

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;
  private static Engines engines;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"), "process");
    scenario = new Scenario(server, folder);
    engines = Engines.of(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static GitProject released(String name, String steps) {
    GitProject project = scenario.givenSource(name).dying().pipeline(name, steps);
    project.release("go");
    return project;
  }

  private static String sh(String name, String command) {
    return "sh(\"%s\", \"%s\")".formatted(name, command);
  }

  private static RunSnapshot thenSucceeded(String pipeline) {
    RunSnapshot run = scenario.thenFinished(pipeline, 1).getFirst();
    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    return run;
  }

  @Test
  void aRunWhoseEngineIsKilledDuringAStepGoesOnAtThisStep() {
    Effects effects = new Effects(folder, "during");
    released(
        "during",
        String.join(
            ", ",
            sh("one", effects.leave("one")),
            sh("two", effects.leave("two-begins") + "; " + effects.waitAtGate()),
            sh("three", effects.leave("three"))));
    effects.await("two-begins", 1);

    engines.kill(scenario.runs("during").getFirst());
    Instant killed = Instant.now();
    effects.await("two-begins", 2);
    Duration took = Duration.between(killed, Instant.now());
    LOG.atInfo().addKeyValue("millis", took.toMillis()).log("From the kill to the step again");
    effects.openGate();

    RunSnapshot run = thenSucceeded("during");
    assertThat(effects.lines()).containsExactly("one", "two-begins", "two-begins", "three");
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(took).isLessThan(Duration.ofSeconds(20));
    assertThat(scenario.log(run, "two")).contains("continued by another engine");
  }

  @Test
  void aRunWhoseEngineIsKilledBetweenTwoStepsRepeatsNone() {
    Effects effects = new Effects(folder, "between");
    released(
        "between",
        sh("one", effects.leave("one"))
            + ", onlyIf(run -> Dying.times(\"%s.died\", 1), ".formatted(effects.file())
            + sh("two", effects.leave("two"))
            + ")");

    thenSucceeded("between");

    assertThat(effects.lines()).containsExactly("one", "two");
    assertThat(Path.of(effects.file() + ".died")).hasContent("died\n");
  }

  /** A step that leaves its name and kills its engine the first {@code times} times. */
  private static String dyingStep(String name, Effects effects, int times) {
    return """
        step("%s", s -> { Dying.note("%s", "%s"); Dying.times("%s.died", %d); })
        """
        .formatted(name, effects.file(), name, effects.file(), times);
  }

  @Test
  void aRunWhoseEngineIsKilledTwiceInARowGoesOnAllTheSame() {
    Effects effects = new Effects(folder, "twice");
    released(
        "twice",
        String.join(
            ", ",
            sh("one", effects.leave("one")),
            dyingStep("two", effects, 2),
            sh("three", effects.leave("three"))));

    thenSucceeded("twice");

    assertThat(effects.lines()).containsExactly("one", "two", "two", "two", "three");
  }

  @Test
  void aRunThatKillsEveryEngineEndsErroredAndGoesOnAfterARerunFromThisStep() throws Exception {
    Effects effects = new Effects(folder, "always");
    released(
        "always",
        String.join(
            ", ",
            "sh(\"one\", \"echo x >file; %s\").keeps(\"file\")".formatted(effects.leave("one")),
            dyingStep("two", effects, 5),
            sh("three", "cat file; " + effects.leave("three"))));

    RunSnapshot run = scenario.thenFinished("always", 1).getFirst();
    assertThat(run.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(run.reason()).contains("lost");
    // An engine that dies before the server heard of step one leaves that news to the next one.
    assertThat(effects.lines())
        .startsWith("one", "two", "two", "two", "two")
        .hasSizeLessThanOrEqualTo(6)
        .doesNotContain("three");

    scenario.rerun(run, "two");
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.details(run).attempt() == 2
                    && scenario.details(run).state() == Phase.FINISHED);

    RunSnapshot again = scenario.details(run);
    assertThat(again.outcome()).as(again.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(again.attempts()).hasSize(1);
    assertThat(effects.lines())
        .containsExactly("one", "two", "two", "two", "two", "two", "two", "three");
  }

  @Test
  void aRunWhoseEngineIsKilledAfterItsLastEventStaysFinished() {
    Effects effects = new Effects(folder, "last");
    released(
        "last",
        """
        step("one", s -> {
          Dying.note("%s", "one");
          Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try { Thread.sleep(60_000); } catch (InterruptedException e) { return; }
          }));
        })
        """
            .formatted(effects.file()));
    RunSnapshot run = thenSucceeded("last");
    List<EventEnvelope> events = scenario.events(run);

    engines.kill(run);

    await()
        .during(Duration.ofSeconds(2))
        .atMost(Scenario.PATIENCE)
        .until(() -> engines.of(run).isEmpty());
    assertThat(scenario.events(run)).isEqualTo(events);
    assertThat(scenario.details(run).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(effects.lines()).containsExactly("one");
  }

  private static String slowSteps(Effects effects) {
    return String.join(
        ", ",
        sh("one", effects.leave("one") + "; sleep 0.4"),
        sh("two", effects.leave("two") + "; sleep 0.4"),
        sh("three", effects.leave("three") + "; sleep 0.4"),
        sh("four", effects.leave("four") + "; sleep 0.4"),
        sh("five", effects.leave("five")));
  }

  @Test
  void aRunGoesOnWhileTheServerIsKilledAndStartedAgain() {
    Effects effects = new Effects(folder, "server");
    released("server", slowSteps(effects));
    effects.await("two", 1);

    server.kill();
    server.restart();

    thenSucceeded("server");
    assertThat(effects.lines()).containsExactly("one", "two", "three", "four", "five");
    await().atMost(Scenario.PATIENCE).until(() -> engines.all().isEmpty());
  }

  @Test
  void aRunWhoseServerAndEngineAreKilledGoesOnAtItsStep() {
    Effects effects = new Effects(folder, "both");
    released(
        "both",
        String.join(
            ", ",
            sh("one", effects.leave("one")),
            sh("two", effects.leave("two") + "; " + effects.waitAtGate()),
            sh("three", effects.leave("three"))));
    effects.await("two", 1);
    RunSnapshot run = scenario.runs("both").getFirst();

    server.kill();
    engines.kill(run);
    server.restart();
    effects.await("two", 2);
    effects.openGate();

    thenSucceeded("both");
    assertThat(effects.lines()).containsExactly("one", "two", "two", "three");
  }

  @Test
  void whatWasFinishedWhileTheServerWasAwayIsNotDoneAgainAfterTheEngineIsLostToo() {
    Effects effects = new Effects(folder, "away");
    released(
        "away",
        String.join(
            ", ",
            sh("one", effects.leave("one") + "; " + effects.waitAtGate()),
            sh("two", effects.leave("two")),
            dyingStep("three", effects, 1)));
    effects.await("one", 1);

    server.kill();
    effects.openGate();
    effects.await("three", 1);
    server.restart();

    thenSucceeded("away");
    assertThat(effects.lines()).containsExactly("one", "two", "three", "three");
  }

  @Test
  void aRunWhoseWorkspaceIsLostBeginsAnewButForStepsThatMayRunOnlyOnce() throws Exception {
    Effects effects = new Effects(folder, "lost");
    released(
        "lost",
        String.join(
            ", ",
            sh("one", "echo x >file; " + effects.leave("one")),
            sh("deploy", effects.leave("deploy")) + ".atMostOnce()",
            "approval(\"go\")",
            sh("two", "cat file; " + effects.leave("two"))));
    RunSnapshot run = scenario.thenIs("lost", Phase.WAITING);
    await().atMost(Scenario.PATIENCE).until(() -> engines.of(run).isEmpty());

    removeWorkspacesOf("lost");
    scenario.decide(run, "go", true, Map.of());
    await().atMost(Scenario.PATIENCE).until(() -> scenario.details(run).attempt() == 2);
    RunSnapshot second = scenario.thenIs("lost", Phase.WAITING);
    assertThat(second.attempts().getFirst().reason()).contains("workspace");
    scenario.decide(second, "go", true, Map.of());

    thenSucceeded("lost");
    assertThat(effects.lines()).containsExactly("one", "deploy", "one", "two");
  }

  private static void removeWorkspacesOf(String pipeline) throws IOException {
    try (Stream<Path> workspaces = Files.list(server.data().resolve("units/workspaces"))) {
      for (Path path : workspaces.toList()) {
        if (path.getFileName().toString().startsWith("pw-ws-" + pipeline + "-")) {
          Folders.delete(path);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"happened,SUCCEEDED,1", "again,SUCCEEDED,2", "failed,FAILED,1"})
  void aStepThatMayRunOnlyOnceAndWasLostWaitsForAPerson(String end, Outcome outcome, int times) {
    String name = "once" + end;
    Effects effects = new Effects(folder, name);
    released(
        name,
        String.join(
            ", ", dyingStep("deploy", effects, 1) + ".atMostOnce()", sh("after", "echo after")));

    RunSnapshot run = scenario.thenIs(name, Phase.WAITING);
    assertThat(run.waits()).hasSize(1);
    assertThat(run.waits().getFirst().what().kind()).isEqualTo(Wait.Kind.UNKNOWN_END);
    await().atMost(Scenario.PATIENCE).until(() -> engines.of(run).isEmpty());
    assertThat(effects.lines()).containsExactly("deploy");
    scenario.decide(run, "deploy", true, Map.of("end", end));

    assertThat(scenario.thenFinished(name, 1).getFirst().outcome()).isEqualTo(outcome);
    assertThat(effects.lines()).hasSize(times);
  }

  @Test
  void anEngineWhosePlaceWasTakenCanWriteNothingMore() {
    Effects effects = new Effects(folder, "fenced");
    released(
        "fenced", sh("one", effects.leave("begins") + "; " + effects.waitAtGate() + "; echo done"));
    effects.await("begins", 1);
    RunSnapshot run = scenario.runs("fenced").getFirst();
    String token = engines.token(run);
    long fence = 1;
    engines.kill(run);
    effects.await("begins", 2);
    List<EventEnvelope> events = scenario.events(run);
    HttpTransport late = new HttpTransport(server.uri(), token, Duration.ofSeconds(10));
    EventBatch lie =
        new EventBatch(
            fence,
            List.of(
                new EventEnvelope(
                    1, Instant.now(), new RunEvent.RunFinished(Outcome.SUCCEEDED, null))));

    assertThatThrownBy(() -> late.post(Routes.run(run.id(), "events"), lie))
        .isInstanceOf(ApiException.class);
    assertThatThrownBy(
            () ->
                late.postBytes(
                    Routes.run(run.id(), "logs") + "/one?fence=1&offset=0&at=0",
                    "a lie".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ApiException.class);

    assertThat(scenario.events(run)).startsWith(events.toArray(EventEnvelope[]::new));
    effects.openGate();
    thenSucceeded("fenced");
    assertThat(scenario.log(run, "one")).doesNotContain("a lie").contains("done");
  }
}
