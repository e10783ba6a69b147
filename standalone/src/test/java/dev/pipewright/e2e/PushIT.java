package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.standalone.StandaloneMain;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits pushed with git, with the process launcher. */
class PushIT {
  @TempDir static Path folder;
  private static ServerProcess server;
  private static Scenario scenario;

  @BeforeAll
  static void startServer() {
    server = ServerProcess.start(folder.resolve("data"), "process");
    scenario = new Scenario(server, folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void twoCommitsPushedWithinASecondGiveTwoRunsEachAtItsOwnHash() {
    GitProject project =
        scenario
            .givenSource("twice")
            .pipeline("twice", "checkout(), sh(\"which\", \"git rev-parse HEAD; cat content\")");
    String first = project.file("content", "one").release("first");
    String second = project.file("content", "two").release("second");

    List<RunSnapshot> runs = scenario.thenFinished("twice", 2);

    assertThat(runs).extracting(RunSnapshot::outcome).containsOnly(Outcome.SUCCEEDED);
    assertThat(runs)
        .extracting(RunSnapshot::commit)
        .containsExactlyInAnyOrder(new CommitId(first), new CommitId(second));
    for (RunSnapshot run : runs) {
      assertThat(scenario.log(run, "which"))
          .startsWith(run.commit().value())
          .endsWith(run.commit().value().equals(first) ? "one" : "two");
    }
  }

  @Test
  void aRunThatIsSupersededByTheNextPushIsCancelledAndSaysByWhich() {
    GitProject project =
        scenario
            .givenSource("hurried")
            .pipeline(
                "hurried",
                ".cancelSuperseded()",
                "checkout(), sh(\"work\", \"test -e done || sleep 300\")");
    project.release("first");
    scenario.thenIs("hurried", Phase.RUNNING);
    project.file("done", "yes").release("second");

    List<RunSnapshot> runs = scenario.thenFinished("hurried", 2);

    assertThat(runs.getFirst().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(runs.getLast().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(runs.getLast().reason()).isEqualTo("superseded by " + runs.getFirst().id());
  }

  @Test
  void aPushOfIgnoredFilesStartsNothingAndItsDeliverySaysSo() {
    GitProject project =
        scenario
            .givenSource("choosy")
            .file(
                ".pipewright/ThePipeline.java",
                """
                import dev.pipewright.dsl.*;

                public final class ThePipeline implements PipelineDefinition {
                  @Override
                  public Pipeline define() {
                    return Pipelines.pipeline("choosy")
                        .startedBy(Triggers.push().ignoringPaths("docs/**"))
                        .runs(Steps.sh("hi", "echo hi"));
                  }
                }
                """);
    project.file("docs/a.md", "1").release("new branch");
    assertThat(scenario.thenFinished("choosy", 1)).hasSize(1);

    project.file("docs/a.md", "2").release("docs only");
    String last = project.file("docs/a.md", "3").file("code", "1").release("docs and code");

    List<RunSnapshot> runs = scenario.thenFinished("choosy", 2);
    assertThat(runs).hasSize(2);
    assertThat(runs.getFirst().commit().value()).isEqualTo(last);
    assertThat(scenario.deliveries())
        .extracting(DeliveryView::problem)
        .anyMatch(
            problem -> problem != null && problem.contains("files only that are passed over"));
  }

  @Test
  void aRunShowsItsStepsItsCauseAndItsTimes() {
    GitProject project =
        scenario
            .givenSource("shown")
            .pipeline(
                "shown",
                "checkout(), stage(\"verify\", inParallel(sh(\"lint\", \"echo linted\"),"
                    + " sh(\"unit\", \"exit 3\").allowFailure())),"
                    + " onBranch(\"other\", sh(\"never\", \"exit 1\"))");
    String commit = project.release("show it");

    RunSnapshot run = scenario.details(scenario.thenFinished("shown", 1).getFirst());

    assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(run.ref()).isEqualTo("refs/heads/main");
    assertThat(run.commit().value()).isEqualTo(commit);
    assertThat(run.cause().kind()).isEqualTo("push");
    assertThat(run.cause().by()).isEqualTo("Ada");
    assertThat(run.cause().message()).isEqualTo("show it");
    assertThat(run.finishedAt()).isAfterOrEqualTo(run.startedAt());
    assertThat(run.steps())
        .extracting(step -> step.path().value() + " " + step.outcome())
        .contains(
            "checkout SUCCEEDED",
            "verify SUCCEEDED",
            "verify/lint SUCCEEDED",
            "verify/unit FAILED",
            "never SKIPPED");
    assertThat(scenario.log(run, "verify/lint")).isEqualTo("linted\n");
    assertThat(said(0, "logs", run.id().toString(), "verify/lint", "--times", "--json"))
        .containsPattern("\"text\":\"2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ linted\\\\n\"");
    thenItCanBePinned(run.id().toString());
  }

  private static void thenItCanBePinned(String run) {
    assertThat(said(0, "pin")).contains("No run is pinned.");
    assertThat(said(0, "pin", run)).contains("Pinned " + run);
    assertThat(said(0, "pin")).contains(run, "pinned by ");
    assertThat(said(0, "pin", "--json")).contains("\"" + run + "\"");
    assertThat(said(0, "pin", run, "--remove")).contains(run + " is not pinned any more.");
    assertThat(said(1, "pin", run, "--remove")).contains("not pinned");
    assertThat(said(0, "pin")).contains("No run is pinned.");
  }

  /** What a command says that ends with this exit code. */
  private static String said(int exitCode, String... command) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    String[] server = {"--server", PushIT.server.uri().toString(), "--token", ServerProcess.TOKEN};
    String[] whole = Stream.of(command, server).flatMap(Stream::of).toArray(String[]::new);
    int found = StandaloneMain.execute(whole, out, out);
    assertThat(found).as(said.toString()).isEqualTo(exitCode);
    return said.toString();
  }

  @Test
  void unchangedPipelineCodeIsBuiltOnce() {
    GitProject project = scenario.givenSource("once").pipeline("once", "sh(\"hi\", \"echo hi\")");
    project.release("first");
    scenario.thenFinished("once", 1);
    project.file("README", "changed").release("second");
    scenario.thenFinished("once", 2);

    assertThat(scenario.runs("once :: pipeline code")).hasSize(1);
    assertThat(scenario.runs("once")).extracting(RunSnapshot::bundle).hasSize(2);
    assertThat(scenario.runs("once").get(0).bundle())
        .isEqualTo(scenario.runs("once").get(1).bundle());
  }

  @Test
  void aDeletedBranchStartsNothing() {
    GitProject project = scenario.givenSource("quiet").pipeline("quiet", "sh(\"hi\", \"echo hi\")");
    project.release("first");
    scenario.thenFinished("quiet", 1);
    project.push("refs/heads/gone");
    scenario.thenFinished("quiet", 2);
    project.delete("refs/heads/gone");

    await()
        .atMost(Scenario.PATIENCE)
        .until(
            () ->
                scenario.deliveries().stream()
                    .anyMatch(
                        delivery ->
                            delivery.source().value().equals("quiet")
                                && delivery.verdict() == Verdict.IGNORED));
    assertThat(scenario.runs("quiet")).hasSize(2);
  }

  @Test
  void theFeedShowsTheResult() throws Exception {
    GitProject project = scenario.givenSource("fed").pipeline("fed", "sh(\"no\", \"exit 1\")");
    project.release("break it");
    RunSnapshot run = scenario.thenFinished("fed", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(run.reason()).isNotBlank();
    // The feed is told of the end a moment after the run has it.
    await()
        .untilAsserted(
            () ->
                assertThat(feed())
                    .contains("name=\"fed\"")
                    .contains("lastBuildStatus=\"Failure\""));
  }

  private static String feed() throws IOException {
    try (InputStream feed = server.uri().resolve("/cctray.xml").toURL().openStream()) {
      return new String(feed.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aStepThatLeavesChildrenBehindEndsWithThem() {
    GitProject project =
        scenario
            .givenSource("children")
            .pipeline(
                "children",
                "sh(\"fork\", \"(setsid sh -c 'exec sleep 987654') & sleep 987654 & echo forked\")");
    project.release("fork");

    RunSnapshot run = scenario.thenFinished("children", 1).getFirst();

    assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
    await()
        .atMost(Scenario.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        ProcessHandle.allProcesses()
                            .map(process -> process.info().commandLine().orElse(""))
                            .filter(line -> line.contains("sleep 987654")))
                    .isEmpty());
  }

  @Test
  void fiftyMegabytesOfOutputAreStoredByteForByte() {
    GitProject project =
        scenario
            .givenSource("loud")
            .pipeline("loud", "sh(\"print\", \"yes 0123456789abcde | head -c 52428800 || true\")");
    project.release("print");

    RunSnapshot run = scenario.details(scenario.thenFinished("loud", 1).getFirst());

    assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(run.steps())
        .filteredOn(step -> step.path().value().equals("print"))
        .extracting(StepSnapshot::logBytes)
        .containsExactly(52_428_800L);
    assertThat(scenario.log(run, "print")).hasSize(52_428_800).startsWith("0123456789abcde\n01");
  }
}
