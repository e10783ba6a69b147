package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left after the worst end of a server or of an engine, with the process launcher. */
class CrashIT {
  @TempDir Path folder;

  @Test
  void aDeliveryAnsweredJustBeforeTheServerWasKilledStillRunsOnce() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project = new GitProject(folder.resolve("killed"));
      scenario.register("killed", project, null, "plain-git");
      String commit =
          project.pipeline("killed", "sh(\"hi\", \"echo hi\")").release("push without a hook");
      String line = "0".repeat(40) + " " + commit + " refs/heads/main\n";

      DeliveryAccepted accepted =
          Json.read(
              server
                  .http()
                  .postBytes("/hooks/killed", line.getBytes(StandardCharsets.UTF_8))
                  .body(),
              DeliveryAccepted.class);
      server.kill();
      server.restart();

      List<RunSnapshot> runs = scenario.thenFinished("killed", 1);
      assertThat(runs).hasSize(1);
      assertThat(runs.getFirst().outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(runs.getFirst().commit().value()).isEqualTo(commit);
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(20))
          .until(() -> scenario.runs("killed").size() == 1);
      assertThat(accepted.id()).startsWith("killed.");
    }
  }

  @Test
  void aRunWhoseEngineIsKilledLeavesNothingOfItBehind() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project =
          scenario.givenSource("victim").pipeline("victim", "sh(\"wait\", \"sleep 876543\")");
      project.release("wait");
      Engines engines = Engines.of(server);
      await().atMost(Scenario.PATIENCE).until(() -> commandLines("sleep 876543") > 0);
      RunSnapshot run = scenario.runs("victim").getFirst();
      String first = pids("sleep 876543");

      engines.kill(run);
      await()
          .atMost(Scenario.PATIENCE)
          .until(
              () ->
                  commandLines("sleep 876543") > 0
                      && engines.of(run).size() == 1
                      && !pids("sleep 876543").contains(first));
      scenario.cancel(run);

      assertThat(scenario.thenFinished("victim", 1).getFirst().outcome())
          .isEqualTo(Outcome.CANCELLED);
      await().atMost(Scenario.PATIENCE).until(() -> commandLines("sleep 876543") == 0);
    }
  }

  @Test
  void aRunThatWasUnderWayWhenTheServerWasKilledEndsOnceAndIsFollowedToItsEnd() throws Exception {
    Path go = folder.resolve("go");
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project =
          scenario
              .givenSource("going")
              .pipeline(
                  "going",
                  "sh(\"first\", \"echo a\"), sh(\"slow\", \"echo b; while [ ! -e '%s' ]; do sleep 0.1; done; echo c\")"
                      .formatted(go));
      project.release("go");
      scenario.thenIs("going", Phase.RUNNING);
      Path heard = folder.resolve("heard");
      Process follower = follow(server, scenario.runs("going").getFirst(), heard);
      await().atMost(Scenario.PATIENCE).until(() -> Files.readString(heard).equals("b\n"));

      server.kill();
      await()
          .atMost(Scenario.PATIENCE)
          .until(() -> Files.readString(folder.resolve("said")).contains("connection is lost"));
      server.restart();
      Files.createFile(go);

      RunSnapshot run = scenario.thenFinished("going", 1).getFirst();
      assertThat(scenario.runs("going")).hasSize(1);
      assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(scenario.log(run, "slow")).isEqualTo("b\nc\n");
      assertThat(follower.waitFor(Scenario.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(follower.exitValue()).isZero();
      assertThat(heard).hasContent("b\nc\n");
      assertThat(folder.resolve("said")).content().containsOnlyOnce("Connected again.");
    }
  }

  /** {@code pipewright logs -f} of one step, as somebody types it. */
  private Process follow(ServerProcess server, RunSnapshot run, Path heard) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(ServerProcess.command("logs", run.id().toString(), "slow", "-f"));
    command.environment().put("PIPEWRIGHT_SERVER", server.uri().toString());
    command.environment().put("PIPEWRIGHT_TOKEN", ServerProcess.TOKEN);
    return command
        .redirectOutput(heard.toFile())
        .redirectError(folder.resolve("said").toFile())
        .start();
  }

  @Test
  void aServerThatIsAskedToEndGoesSoonAndLosesNothing() {
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"), "process")) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project =
          scenario
              .givenSource("drained")
              .pipeline(
                  "drained",
                  ".oneAtATime()",
                  "sh(\"first\", \"echo a\"), sh(\"slow\", \"sleep 5; echo b\")");
      project.release("one");
      scenario.thenIs("drained", Phase.RUNNING);
      project.file("content", "two").release("two");

      Duration taken = server.end();
      server.restart();

      List<RunSnapshot> runs = scenario.thenFinished("drained", 2);
      assertThat(taken).isLessThan(Duration.ofSeconds(15));
      assertThat(runs).hasSize(2);
      for (RunSnapshot run : runs) {
        assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(scenario.log(run, "slow")).isEqualTo("b\n");
      }
      // The engine went on by itself: one launch, and the other run only after it.
      assertThat(scenario.events(runs.getLast()))
          .noneMatch(each -> each.event() instanceof RunEvent.RunResumed);
      assertThat(runs.getFirst().startedAt()).isAfterOrEqualTo(runs.getLast().finishedAt());
    }
  }

  private static long commandLines(String part) {
    return ProcessHandle.allProcesses().filter(process -> line(process).contains(part)).count();
  }

  private static String pids(String part) {
    return ProcessHandle.allProcesses()
        .filter(process -> line(process).contains(part))
        .map(process -> "<" + process.pid() + ">")
        .sorted()
        .collect(Collectors.joining());
  }

  private static String line(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
