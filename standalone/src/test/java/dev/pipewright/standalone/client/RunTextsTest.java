package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.LockView;
import dev.pipewright.protocol.api.RunTests;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.CommitApproval;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.TestReport;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.protocol.run.Wait;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTextsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final RunId RUN = RunId.parse("shop#42");

  private static RunSnapshot run(List<OpenWait> waits, List<PastAttempt> attempts) {
    return run(waits, attempts, Origin.TRUSTED);
  }

  private static RunSnapshot run(List<OpenWait> waits, List<PastAttempt> attempts, Origin origin) {
    StepSnapshot step =
        new StepSnapshot(
            new StepPath("unit tests"),
            "sh",
            Phase.FINISHED,
            Outcome.FAILED,
            "exit code 1",
            NOW,
            NOW.plusSeconds(2),
            2,
            false,
            0,
            List.of(),
            new TestCounts(7, 1, 1, 0, 1.5),
            null);
    return new RunSnapshot(
        RUN,
        new PipelineName("shop"),
        42,
        attempts.size() + 1,
        waits.isEmpty() ? Phase.RUNNING : Phase.WAITING,
        null,
        null,
        new SourceName("shop"),
        "refs/heads/main",
        new CommitId("a".repeat(40)),
        new Cause("push", "ann", null, null),
        NOW,
        NOW,
        null,
        null,
        BlobDigest.of(new byte[0]),
        null,
        1,
        List.of(step),
        null,
        waits,
        attempts,
        origin,
        null);
  }

  private static OpenWait approval(String path, ParameterSpec... parameters) {
    return new OpenWait(
        path,
        new StepPath(path),
        new Wait(
            Wait.Kind.APPROVAL,
            "Ship \u001b[2Jit?",
            List.of("release-managers"),
            List.of(parameters),
            NOW.plusSeconds(60)),
        NOW);
  }

  @Test
  void aWaitSaysWhoMayAnswerUntilWhenAndHow() {
    ParameterSpec version =
        new ParameterSpec("version", ParameterSpec.Kind.TEXT, "what to ship", List.of(), null);
    List<String> lines = RunTexts.lines(run(List.of(approval("ship it", version)), List.of()));

    assertThat(lines)
        .containsSubsequence(
            "ship it waits for approval: Ship  [2Jit? since 2026-01-02T03:04:05Z",
            "  may answer: release-managers",
            "  until:      2026-01-02T03:05:05Z",
            "  takes:      version, what to ship (text, must be given)",
            "  pipewright approve 'shop#42' 'ship it' -p version=…",
            "  pipewright reject 'shop#42' 'ship it'");
  }

  @Test
  void aHeldRunSaysWhereItsCommitComesFromAndHowItIsApproved() {
    OpenWait held =
        new OpenWait(
            "commit",
            null,
            new Wait(Wait.Kind.APPROVAL, "May it run?", List.of(), List.of(), null),
            NOW);
    CommitId code = new CommitId("b".repeat(40));
    Origin origin = new Origin(Trust.FOREIGN, 7L, "refs/heads/main", code, null);
    RunSnapshot run = run(List.of(held), List.of(), origin);

    assertThat(RunTexts.lines(run))
        .containsSubsequence(
            "  pull request 7, from outside the repository, with the pipeline code of main at"
                + " bbbbbbbb, not approved",
            "commit waits for approval: May it run? since 2026-01-02T03:04:05Z",
            "  pipewright approve 'shop#42'",
            "  pipewright reject 'shop#42'");
    assertThat(DecisionOptions.wait(run, null)).isEqualTo(held);
    Origin approved = origin.approved(new CommitApproval("ann", "read it", NOW));
    assertThat(RunTexts.lines(run(List.of(), List.of(), approved)).get(1))
        .endsWith("approved by ann: read it");
  }

  @Test
  void triesTestsAndEarlierAttemptsAreShown() {
    PastAttempt first =
        new PastAttempt(1, Outcome.ERRORED, "the workspace was lost", NOW, NOW.plusSeconds(3));
    List<String> lines = RunTexts.lines(run(List.of(), List.of(first)));

    assertThat(lines.getFirst()).startsWith("shop#42, attempt 2");
    assertThat(lines)
        .anyMatch(line -> line.contains("try 2  9 tests, 2 broken  exit code 1"))
        .contains("Attempt 1  ERRORED  3.0 s  the workspace was lost");
  }

  @Test
  void theOneWaitForAPersonNeedNotBeNamed() {
    OpenWait lock =
        new OpenWait(
            "deploy",
            new StepPath("deploy"),
            new Wait(Wait.Kind.LOCK, "production", List.of(), List.of(), null),
            NOW);
    RunSnapshot one = run(List.of(lock, approval("ship")), List.of());
    assertThat(DecisionOptions.wait(one, null).key()).isEqualTo("ship");
    assertThatThrownBy(() -> DecisionOptions.wait(one, "deploy"))
        .hasMessage("'deploy' does not wait for a person in shop#42. There is [ship].");
    RunSnapshot two = run(List.of(approval("a"), approval("b")), List.of());
    assertThatThrownBy(() -> DecisionOptions.wait(two, null))
        .hasMessage("Name the step to answer, one of [a, b].");
    assertThatThrownBy(() -> DecisionOptions.wait(run(List.of(lock), List.of()), null))
        .hasMessage("Nothing in shop#42 waits for a person.");
  }

  @Test
  void locksSayWhoHoldsThemAndWhoWaits() {
    LockView.Claim owner = new LockView.Claim(RUN, "deploy", NOW, 7);
    LockView.Claim next = new LockView.Claim(RunId.parse("shop#43"), "deploy", NOW, 0);
    assertThat(LocksCommand.row(new LockView("production", owner, List.of(next))))
        .containsExactly(
            "production", "held by shop#42 since 2026-01-02T03:04:05Z", "wanted by shop#43");
    assertThat(LocksCommand.row(new LockView("x", null, List.of())))
        .containsExactly("x", "free", "");
  }

  @Test
  void testsThatFailedComeWithTheirReasonsAndOthersOnlyIfWanted() {
    TestCounts counts = new TestCounts(1, 1, 0, 0, 0.25);
    RunTests tests =
        new RunTests(
            counts,
            List.of(
                new RunTests.Step(
                    new StepPath("unit tests"),
                    new TestReport(
                        counts,
                        List.of(
                            new TestReport.Case(
                                "CartTest",
                                "adds",
                                TestReport.Result.FAILED,
                                0.2,
                                "expected 2",
                                "at CartTest.java:7"),
                            new TestReport.Case(
                                "CartTest", "removes", TestReport.Result.PASSED, 0.05, null, null)),
                        3))));
    assertThat(TestsCommand.lines(tests, false))
        .containsExactly(
            "1 passed, 1 failed, 0 errored, 0 skipped, 0.3 s",
            "unit tests: 1 passed, 1 failed, 0 errored, 0 skipped, 0.3 s",
            "  FAILED  CartTest adds  0.200 s",
            "    expected 2",
            "      at CartTest.java:7",
            "  and 3 more that are not kept");
    assertThat(TestsCommand.lines(tests, true)).anyMatch(line -> line.contains("removes"));
    assertThat(TestsCommand.lines(new RunTests(TestCounts.NONE, List.of()), true))
        .singleElement()
        .asString()
        .contains(".junit(");
  }
}
