package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait for people, and hold nothing while they do. */
@Timeout(300)
class ApprovalIT {
  private static final int MANY = 12;

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

  private static RunSnapshot thenWaits(String pipeline) {
    RunSnapshot run = scenario.thenIs(pipeline, Phase.WAITING);
    await().atMost(Scenario.PATIENCE).until(() -> engines.of(run).isEmpty());
    return run;
  }

  private static RunSnapshot released(String name, String steps) {
    scenario.givenSource(name).dying().pipeline(name, steps).release("go");
    return thenWaits(name);
  }

  @Test
  void anApprovedRunGoesOnInItsWorkspaceWithWhatThePersonSaid() {
    Effects effects = new Effects(folder, "ship");
    RunSnapshot run =
        released(
            "ship",
            """
            sh("before", "echo kept >file; %s"),
            approval("go").asks("Ship it?")
                .takes(Parameter.choice("pace", "careful", "fast"), Parameter.text("note").byDefault("none")),
            step("after", s -> Dying.note("%s",
                s.get(Parameter.choice("pace", "careful", "fast")) + " " + s.get(Parameter.text("note")))),
            sh("same", "cat file >>%s")
            """
                .formatted(effects.leave("before"), effects.file(), effects.file()));

    assertThat(run.waits()).hasSize(1);
    assertThat(run.waits().getFirst().what().forWhat()).isEqualTo("Ship it?");
    await().during(Duration.ofSeconds(1)).until(() -> engines.of(run).isEmpty());
    assertThatThrownBy(() -> scenario.decide(run, "go", true, Map.of("pace", "slow", "x", "y")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("pace")
        .hasMessageContaining("x");
    scenario.decide(run, "go", true, Map.of("pace", "fast"));

    RunSnapshot end = scenario.thenFinished("ship", 1).getFirst();
    assertThat(end.outcome()).as(end.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(effects.lines()).containsExactly("before", "fast none", "kept");
    assertThat(scenario.step(end, "go").reason()).contains("so be it");
    assertThatThrownBy(() -> scenario.decide(run, "go", true, Map.of("pace", "fast")))
        .isInstanceOf(ApiException.class);
  }

  @Test
  void aRejectedRunFailsAndDoesNothingMore() {
    Effects effects = new Effects(folder, "no");
    RunSnapshot run =
        released("no", "approval(\"go\"), sh(\"after\", \"%s\")".formatted(effects.leave("after")));

    scenario.decide(run, "go", false, Map.of());

    RunSnapshot end = scenario.thenFinished("no", 1).getFirst();
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(scenario.step(end, "go").reason()).contains("rejected").contains("so be it");
    assertThat(effects.lines()).isEmpty();
  }

  @Test
  void aRunThatIsNotAnsweredInTimeTimesOut() {
    scenario
        .givenSource("late")
        .pipeline("late", "approval(\"go\").within(ofSeconds(3)), sh(\"after\", \"echo\")")
        .release("go");

    RunSnapshot end = scenario.thenFinished("late", 1).getFirst();

    assertThat(end.outcome()).isEqualTo(Outcome.TIMED_OUT);
  }

  @Test
  void aCancelledRunDoesItsEnsureStepsAndNothingElse() {
    Effects effects = new Effects(folder, "cancelled");
    RunSnapshot run =
        released(
            "cancelled",
            "stage(\"all\", approval(\"go\"), sh(\"after\", \"%s\")).ensure(sh(\"tidy\", \"%s\"))"
                .formatted(effects.leave("after"), effects.leave("tidy")));

    scenario.cancel(run);

    RunSnapshot end = scenario.thenFinished("cancelled", 1).getFirst();
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(effects.lines()).containsExactly("tidy");
  }

  @Test
  void manyRunsWaitWithoutAProcessAndAllGoOn() {
    Effects effects = new Effects(folder, "many");
    GitProject project =
        scenario
            .givenSource("many")
            .pipeline(
                "many",
                "sh(\"before\", \"%s\"), approval(\"go\"), sh(\"after\", \"%s\")"
                    .formatted(effects.leave("before"), effects.leave("after")));
    for (int i = 0; i < MANY; i++) {
      project.release("number " + i);
    }
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.runs("many").size() == MANY
                    && scenario.runs("many").stream()
                        .allMatch(run -> run.state() == Phase.WAITING));
    await().atMost(Scenario.PATIENCE).until(() -> engines.all().isEmpty());

    server.kill();
    server.restart();
    scenario.runs("many").forEach(run -> scenario.decide(run, "go", true, Map.of()));

    List<RunSnapshot> runs = scenario.thenFinished("many", MANY);
    assertThat(runs).allMatch(run -> run.outcome() == Outcome.SUCCEEDED);
    assertThat(effects.lines()).filteredOn("before"::equals).hasSize(MANY);
    assertThat(effects.lines()).filteredOn("after"::equals).hasSize(MANY);
  }

  @Test
  void theForgeOfACommitIsToldThatItsRunWaitsAndHowItEnds() throws Exception {
    GitProject project =
        new GitProject(folder.resolve("hub"))
            .pipeline(
                "hub", "checkout(), approval(\"go\").asks(\"Ship it?\"), sh(\"after\", \"true\")");
    try (ForgeServer forge = new ForgeServer()) {
      String git = project.bare().toString();
      Path token = Files.writeString(folder.resolve("token.txt"), ForgeServer.TOKEN + "\n");
      String said =
          pipewright(
              "sources",
              "add",
              "hub",
              "--git",
              git,
              "--forge",
              "github",
              "--secret",
              "s3cret",
              "--status-token-file",
              token.toString(),
              "--api",
              forge.api());
      assertThat(said)
          .contains("Statuses go to " + forge.api() + " for hub/bare.")
          .doesNotContain(ForgeServer.TOKEN);
      String commit = project.release("go");
      scenario.signedPush("hub", "s3cret", commit);
      RunSnapshot run = thenWaits("hub");
      awaitStatus(forge, "pending Waiting for approval: go");
      scenario.decide(run, "go", true, Map.of());
      scenario.thenFinished("hub", 1);
      awaitStatus(forge, "success Succeeded in");

      assertThat(forge.of("pipewright/hub"))
          .allSatisfy(
              status -> {
                assertThat(status.path()).isEqualTo("/api/v3/repos/hub/bare/statuses/" + commit);
                assertThat(status.url()).isEqualTo(server.uri() + "/runs/hub%231");
              })
          .extracting(ForgeServer.Status::state)
          .startsWith("pending")
          .endsWith("success");
      assertThat(forge.of("pipewright/hub :: pipeline code"))
          .extracting(ForgeServer.Status::state)
          .endsWith("success");
      assertThat(pipewright("outbox")).contains("hub#1", "SENT").doesNotContain(ForgeServer.TOKEN);
    }
  }

  private static void awaitStatus(ForgeServer forge, String beginning) {
    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                forge.of("pipewright/hub").stream()
                    .map(status -> status.state() + " " + status.description())
                    .anyMatch(status -> status.startsWith(beginning)));
  }

  @Test
  void aBackupOfTheRunningServerMakesADataFolder() throws Exception {
    Path file = folder.resolve("backup.tar");
    assertThat(pipewright("backup", file.toString())).contains("The key of its secrets is not in");
    Path restored = folder.resolve("restored");
    assertThat(pipewright("restore", file.toString(), "--data", restored.toString()))
        .contains("before you start it, put a copy", "pipewright up --data " + restored);
    assertThat(restored.resolve("state.mv")).isNotEmptyFile();
    assertThat(restored.resolve("master.key")).doesNotExist();
  }

  private static String pipewright(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(ServerProcess.command(arguments));
    builder.environment().put("PIPEWRIGHT_SERVER", server.uri().toString());
    builder.environment().put("PIPEWRIGHT_TOKEN", ServerProcess.TOKEN);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
