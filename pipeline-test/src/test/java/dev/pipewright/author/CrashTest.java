package dev.pipewright.author;

import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.protocol.run.Outcome.CANCELLED;
import static dev.pipewright.protocol.run.Outcome.ERRORED;
import static dev.pipewright.protocol.run.Outcome.FAILED;
import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
import static dev.pipewright.protocol.run.Outcome.TIMED_OUT;
import static dev.pipewright.test.Person.by;
import static dev.pipewright.test.Script.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.Output;
import dev.pipewright.dsl.Step;
import dev.pipewright.test.PipelineTester;
import dev.pipewright.test.TestedRun;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What must hold when an engine is lost, each with the place where it matters. */
final class CrashTest {
  private static final Output<String> TEXT = Output.text("text");

  @Test
  void aFinishedStepIsNotDoneAgain() {
    TestedRun run =
        Shapes.of(sh("a", "a"), sh("b", "b"), sh("c", "c"))
            .crashAfter("b")
            .run()
            .assertOutcome(SUCCEEDED)
            .assertRanOnce("a")
            .assertRanOnce("b")
            .assertRanOnce("c");

    assertThat(run.engines()).isEqualTo(2);
  }

  @Test
  void aStepWhoseEndIsUnknownIsDoneOnceMore() {
    Shapes.of(sh("a", "a"), sh("b", "b"))
        .crashDuring("b")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("a")
        .assertRan("b", 2)
        .assertLog("b", "continued by another engine");
  }

  @Test
  void outputsOutliveTheEngine() {
    Shapes.of(
            step("set", step -> step.set(TEXT, "x")),
            sh("a", "a"),
            step("get", step -> step.sh("use", step.get(TEXT))))
        .crashAfter("set")
        .crashAfter("a")
        .run()
        .assertCommand("use x")
        .assertRanOnce("set");
  }

  @Test
  void anOutputOfWorkThatNobodyHeardOfIsSetAnew() {
    AtomicInteger count = new AtomicInteger();
    Shapes.of(
            step("set", step -> step.set(TEXT, "" + count.incrementAndGet())),
            step("get", step -> step.sh("use", step.get(TEXT))))
        .crashDuring("set")
        .run()
        .assertCommand("use 2");
  }

  @Test
  void aConditionIsNotAskedAgain() {
    List<String> asked = new ArrayList<>();
    Shapes.of(
            choose(
                run -> {
                  asked.add("choose");
                  return asked.size() == 1;
                },
                stage("then", sh("a", "a"), sh("b", "b")),
                sh("else", "e")))
        .crashAfter("then/a")
        .run()
        .assertOutcome("then", SUCCEEDED)
        .assertSkipped("else");

    assertThat(asked).hasSize(1);
  }

  @Test
  void aWinnerOfThePastStaysTheWinner() {
    Shapes.of(anyOf(sh("quick", "q"), sh("slow", "s").ensure(sh("sweep", "w"))), sh("last", "l"))
        .command("s", takes(ofHours(1)))
        .crashAfter("quick")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("quick")
        .assertRanOnce("slow")
        .assertOutcome("slow", CANCELLED)
        .assertRanOnce("slow/sweep");
  }

  @Test
  void aCulpritOfThePastStillEndsTheOthers() {
    Shapes.of(inParallel(sh("bad", "b"), sh("slow", "s").ensure(sh("sweep", "w"))).failFast())
        .command("b", fails("no"))
        .command("s", takes(ofHours(1)))
        .crashAfter("bad")
        .run()
        .assertOutcome(FAILED)
        .assertRanOnce("slow")
        .assertOutcome("slow", CANCELLED)
        .assertRanOnce("slow/sweep");
  }

  @Test
  void onlyWhatIsLeftOfParallelStepsIsBegun() {
    Shapes.of(inParallel(sh("a", "a"), sh("b", "b"), sh("c", "c")))
        .command("b", takes(ofMinutes(5)))
        .crashAfter("a")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("a")
        .assertRan("b", 2);
  }

  @Test
  void attemptsAreCountedOn() {
    Shapes.of(sh("flaky", "f").attempts(3))
        .command("f", fails("no"))
        .crashDuring("flaky")
        .run()
        .assertOutcome(FAILED)
        .assertRan("flaky", 4)
        .assertLog("flaky", "[attempt 2 of 3");
  }

  @Test
  void aStageGoesOnInTheAttemptItWasIn() {
    Shapes.of(stage("s", sh("a", "a"), sh("b", "b"), sh("c", "c")).attempts(2))
        .command("b", times(1, fails("no")))
        .crashDuring("s/c")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRan("s/a", 2)
        .assertRan("s/b", 2)
        .assertRan("s/c", 2);
  }

  @Test
  void whatEnsuresAStepRunsOnceThoughTheEngineIsLostBefore() {
    Shapes.of(sh("a", "a").ensure(sh("sweep", "s")).onFailure(sh("regret", "r")))
        .command("a", fails("no"))
        .crashAfter("a/regret")
        .run()
        .assertOutcome(FAILED)
        .assertRanOnce("a")
        .assertRanOnce("a/regret")
        .assertRanOnce("a/sweep");
  }

  @Test
  void anAnswerIsNotAskedForAgain() {
    TestedRun run =
        Shapes.of(approval("ship").takes(Shapes.LOUD), step("a", step -> step.get(Shapes.LOUD)))
            .approve("ship", by("ann").giving(Shapes.LOUD, true))
            .crashDuring("a")
            .run()
            .assertOutcome(SUCCEEDED)
            .assertOutput(Shapes.LOUD, true);

    assertThat(run.engines()).isEqualTo(3);
  }

  @Test
  void aRunThatWaitsCanLoseItsEngine() {
    Shapes.of(sh("a", "a"), approval("ship").within(ofHours(8)), sh("b", "b"))
        .approve("ship", by("ann").after(ofHours(7)))
        .crashDuring("ship")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("a");
  }

  @Test
  void theTimeOfAnApprovalCountsFromItsFirstBegin() {
    TestedRun run =
        Shapes.of(approval("ship").within(ofHours(8)))
            .crashDuring("ship")
            .run()
            .assertOutcome(TIMED_OUT);

    assertThat(run.took()).isBetween(ofHours(8), ofHours(8).plusSeconds(15));
  }

  @Test
  void whatIsDoneAtMostOnceWaitsForAPersonWhenItsEndIsUnknown() {
    PipelineTester deploy =
        Shapes.of(sh("deploy", "d").atMostOnce(), sh("last", "l")).crashDuring("deploy");

    deploy.run().assertWaiting("deploy").assertRanOnce("deploy");
    deploy.happened("deploy").run().assertOutcome(SUCCEEDED).assertRanOnce("deploy");
    deploy.doAgain("deploy").run().assertOutcome(SUCCEEDED).assertRan("deploy", 2);
  }

  @Test
  void whatIsDoneAtMostOnceAndIsKnownToBeOverIsNotAskedFor() {
    Shapes.of(sh("deploy", "d").atMostOnce().ensure(sh("sweep", "s")))
        .crashAfter("deploy/sweep")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("deploy")
        .assertRanOnce("deploy/sweep");
  }

  @Test
  void stepsThatBecameKnownAreMadeAgainAndTheirDoneOnesStayDone() {
    Shapes.of(expand("each", step -> List.of(sh("a", "a"), stage("s", sh("b", "b")))))
        .crashAfter("each/a")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("each/a")
        .assertRanOnce("each/s/b");
  }

  @Test
  void codeThatMakesOtherStepsThanBeforeIsAnError() {
    AtomicInteger count = new AtomicInteger();
    Shapes.of(
            expand(
                "each",
                step -> List.<Step>of(sh("a", "a"), sh("b" + count.incrementAndGet(), "b"))))
        .crashAfter("each/a")
        .run()
        .assertOutcome("each", ERRORED)
        .assertReason("each", "other steps than before");
  }

  @Test
  void aLockOutlivesTheEngineAndIsGivenBackOnce() {
    Shapes.of(inParallel(withLock("l", sh("a", "a"), sh("b", "b")), withLock("l", sh("c", "c"))))
        .crashAfter("a")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertOrder("a", "b", "c")
        .assertRanOnce("c");
  }

  @Test
  void aRunOfAnotherPipelineIsNotStartedTwice() {
    Shapes.of(trigger("other"), sh("last", "l"))
        .crashDuring("trigger other")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertStarted("other", Map.of());
  }

  @Test
  void aCancelIsNotForgotten() {
    Shapes.of(sh("a", "a"), sh("b", "b").ensure(sh("sweep", "s")), sh("c", "c"))
        .command("b", takes(ofHours(1)))
        .cancelDuring("b")
        .crashDuring("b/sweep")
        .run()
        .assertOutcome(CANCELLED)
        .assertOutcome("c", CANCELLED)
        .assertOutcome("b/sweep", SUCCEEDED)
        .assertRanOnce("b");
  }

  @Test
  void aRunBeginsAgainWithoutItsWorkspace() {
    TestedRun run =
        Shapes.of(
                step("make", step -> Files.writeString(step.workspace().resolve("x"), "x")),
                step("use", step -> step.log(Files.readString(step.workspace().resolve("x")))))
            .loseWorkspaceAfter("make")
            .run()
            .assertOutcome(SUCCEEDED)
            .assertRan("make", 2)
            .assertRanOnce("use");

    assertThat(run.attempts()).isEqualTo(2);
  }

  @Test
  void whatIsDoneAtMostOnceStaysDoneThoughTheWorkspaceIsLost() {
    PipelineTester tester =
        Shapes.of(
            sh("build", "b"),
            sh("deploy", "d").atMostOnce().ensure(sh("sweep", "s")),
            expand("each", step -> List.of(sh("x", "x").atMostOnce(), sh("y", "y"))),
            sh("last", "l"));

    tester.loseWorkspaceAfter("deploy").run().assertRan("build", 2).assertRanOnce("deploy");
    tester
        .loseWorkspaceDuring("deploy/sweep")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("deploy")
        .assertRan("deploy/sweep", 2);
    tester
        .loseWorkspaceAfter("each/y")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertRanOnce("deploy")
        .assertRanOnce("each/x")
        .assertRan("each/y", 2);
    tester.loseWorkspaceDuring("deploy").run().assertWaiting("deploy").assertRanOnce("deploy");
    tester.loseWorkspaceDuring("each/x").run().assertWaiting("each/x").assertRanOnce("each/x");
  }

  @Test
  void whatFailedAtMostOnceStaysFailedThoughTheWorkspaceIsLost() {
    Shapes.of(sh("deploy", "d").atMostOnce().allowFailure(), sh("last", "l"))
        .command("d", times(1, fails("no")))
        .loseWorkspaceDuring("last")
        .run()
        .assertOutcome("deploy", FAILED)
        .assertRanOnce("deploy");
  }

  @Test
  void anApprovalOfAnEarlierAttemptDoesNotHoldForTheNext() {
    TestedRun run =
        Shapes.of(sh("build", "b"), approval("ship"), sh("deploy", "d"))
            .approve("ship", by("ann").after(ofMinutes(30)))
            .loseWorkspaceDuring("deploy")
            .run()
            .assertOutcome(SUCCEEDED);

    assertThat(run.took()).isGreaterThan(ofMinutes(60));
  }

  @Test
  void aWalkNamesThePlaceWhereSomethingGoesWrong() {
    AtomicInteger count = new AtomicInteger();
    PipelineTester unstable =
        Shapes.of(step("set", step -> step.set(TEXT, "" + count.incrementAndGet())), sh("b", "b"));

    assertThatThrownBy(unstable::crashAtEveryEvent)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("When the engine is lost before event")
        .hasMessageContaining("The output 'text' is")
        .hasMessageContaining("In peace:")
        .hasMessageContaining("What happened:");
  }
}
