package dev.pipewright.e2e;

import static dev.pipewright.testing.DockerCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.testing.NeedsDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits pushed with git, each run in a container of its own, some in one that waited for it. */
@NeedsDocker
class DockerIT {
  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() {
    server =
        ServerProcess.start(
            folder.resolve("data"),
            ServerProcess.freePort(),
            "docker",
            Map.of("PIPEWRIGHT_POOL", "1"));
    scenario = new Scenario(server, folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void twoCommitsPushedWithinASecondGiveTwoRunsEachAtItsOwnHash() throws Exception {
    GitProject project =
        scenario
            .givenSource("boxed")
            .pipeline(
                "boxed",
                "checkout(), sh(\"which\", \"git rev-parse HEAD; ls / | tr '\\\\n' ' '\")");
    String first = project.file("content", "one").release("first");
    String second = project.file("content", "two").release("second");

    List<RunSnapshot> runs = scenario.thenFinished("boxed", 2);

    assertThat(runs)
        .extracting(RunSnapshot::commit)
        .containsExactlyInAnyOrder(new CommitId(first), new CommitId(second));
    for (RunSnapshot run : runs) {
      assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(run.image()).startsWith("sha256:");
      assertThat(scenario.log(run, "which")).startsWith(run.commit().value()).contains("workspace");
    }
    await().atMost(Scenario.PATIENCE).until(() -> containersOf("boxed").isEmpty());
  }

  @Test
  void aBranchNameIsOnlyEverDataInAContainerToo() {
    String branch = "ünï/日本語-🚀$(touch${IFS}pwned)&;|`id`";
    GitProject project =
        scenario
            .givenSource("named")
            .pipeline(
                "named",
                "checkout(), sh(\"say\", \"printf '%s' \\\"$PIPEWRIGHT_BRANCH\\\"; ls / >&2\"),"
                    + " exec(\"echo\", \"printf\", \"%s\", \"é\")");
    project.commit("hostile");
    project.push("refs/heads/" + branch);

    RunSnapshot run = scenario.thenFinished("named", 1).getFirst();

    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(scenario.log(run, "say")).startsWith(branch).doesNotContain("\npwned");
    assertThat(scenario.log(run, "echo")).isEqualTo("é");
  }

  @Test
  void theStarterPassesItsOwnTestsAndATestThatFailsStopsTheVersion() throws Exception {
    GitProject project = scenario.givenSource("gated");
    Process init =
        new ProcessBuilder(ServerProcess.command("init", "--dir", project.work().toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(init.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(init.waitFor()).as(said).isZero();
    project.release("starter");

    assertThat(scenario.thenFinished("work", 1).getFirst().outcome()).isEqualTo(Outcome.SUCCEEDED);
    RunSnapshot green = scenario.runs("gated :: pipeline code").getFirst();
    assertThat(scenario.step(green, "test").tests())
        .extracting(TestCounts::passed, TestCounts::total)
        .containsExactly(3, 3);
    assertThat(scenario.log(green, "test")).contains("passed   WorkPipelineTest");

    project.file(
        ".pipewright/RedTest.java",
        """
        class RedTest {
          @org.junit.jupiter.api.Test
          void isRed() {
            throw new AssertionError("not green");
          }
        }
        """);
    project.release("red");

    await().atMost(Scenario.PATIENCE).until(() -> hasFailed("gated :: pipeline code"));
    RunSnapshot red = scenario.runs("gated :: pipeline code").getFirst();
    assertThat(scenario.step(red, "test").reason()).isEqualTo("RedTest.java:4: isRed: not green");
    assertThat(scenario.step(red, "publish").outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(scenario.runs("work")).hasSize(1);
  }

  @Test
  void aRunBeginsInAnEngineThatWaitedForIt() throws Exception {
    GitProject project =
        scenario.givenSource("pooled").pipeline("pooled", "checkout(), sh(\"say\", \"ls\")");
    await()
        .atMost(Scenario.PATIENCE)
        .until(() -> count("An engine waits for a run") > count("A waiting engine got its run"));
    project.release("first");

    RunSnapshot run = scenario.thenFinished("pooled", 1).getFirst();

    assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(count("A waiting engine got its run unit=\"pw-pooled-1-")).isEqualTo(1);
  }

  private static int count(String words) {
    return server.log().split(Pattern.quote(words), -1).length - 1;
  }

  private static boolean hasFailed(String pipeline) {
    return scenario.runs(pipeline).getFirst().outcome() == Outcome.FAILED;
  }

  private static List<String> containersOf(String pipeline) throws IOException {
    return docker("ps", "-a", "--format", "{{.ID}} {{.Names}} {{.Labels}}")
        .lines()
        .filter(line -> line.contains(pipeline + "#") || line.contains(pipeline + "-"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }
}
