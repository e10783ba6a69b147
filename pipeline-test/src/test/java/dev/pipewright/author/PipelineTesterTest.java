package dev.pipewright.author;

import static dev.pipewright.dsl.Steps.*;
import static dev.pipewright.protocol.run.Outcome.ERRORED;
import static dev.pipewright.protocol.run.Outcome.FAILED;
import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
import static dev.pipewright.protocol.run.Outcome.TIMED_OUT;
import static dev.pipewright.test.Person.by;
import static dev.pipewright.test.Script.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.Output;
import dev.pipewright.engine.plan.DefinitionException;
import dev.pipewright.test.PipelineTester;
import dev.pipewright.test.RanCommand;
import dev.pipewright.test.TestedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineTesterTest {
  private static final Output<String> TEXT = Output.text("text");

  private final PipelineTester shop =
      PipelineTester.of(new ShopPipeline())
          .secret("DEPLOY_KEY", "sesame!")
          .command("git describe --always", prints("v1.2"))
          .command("mvn -q package", writes("target/shop.jar", "bytes"));
  private final PipelineTester shipped =
      shop.approve("ship", by("ann").giving(ShopPipeline.WHY, "friday").saying("go"));

  @Test
  void whatIsApprovedIsDeployed() {
    shipped
        .run()
        .assertOutcome(SUCCEEDED)
        .assertOrder("checkout", "read version", "verify/lint", "package", "ship", "deploy")
        .assertOutcome("deploy/announce", SUCCEEDED)
        .assertOutput(ShopPipeline.VERSION, "v1.2")
        .assertOutput(ShopPipeline.PACE, "slow")
        .assertOutput(ShopPipeline.WHY, "friday")
        .assertCommand("./deploy.sh v1.2 slow")
        .assertReason("ship", "approved by ann: go")
        .assertArtifact("target/shop.jar")
        .assertRanOnce("deploy");
  }

  @Test
  void whatIsRejectedIsNot() {
    shop.reject("ship", by("bob").saying("not today"))
        .run()
        .assertOutcome(FAILED)
        .assertReason("not today")
        .assertSkipped("deploy", "deploy/announce")
        .assertNoCommand("./deploy.sh");
  }

  @Test
  void anApprovalExpiresAtOnceThoughItTakesHours() {
    TestedRun run = shop.run().assertOutcome("ship", TIMED_OUT).assertOutcome(TIMED_OUT);

    assertThat(run.took()).isBetween(ofHours(8), ofHours(8).plusMinutes(1));
  }

  @Test
  void aRunCanBeLeftWaiting() {
    TestedRun run = shop.leaveWaiting("ship").run().assertWaiting("ship");

    assertThat(run.outcome()).isEmpty();
    assertThat(run.outcome("deploy")).isEmpty();
    assertThat(run.toString())
        .contains("The run of 'shop' waits", "approve(\"ship\", by(\"somebody\"))");
  }

  @Test
  void anApprovalWithoutAValueThatMustBeGivenIsWrong() {
    assertThatThrownBy(shop.approve("ship", by("ann"))::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("'why' has no default");
    assertThatThrownBy(
            shop.approve(
                    "ship",
                    by("ann")
                        .giving(ShopPipeline.WHY, "x")
                        .giving(ShopPipeline.PACE, "hasty")
                        .giving(Shapes.LOUD, true))
                ::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("'pace' is one of slow, fast")
        .hasMessageContaining("'loud' is not asked for");
  }

  @Test
  void everyRunOfATesterIsPlayedTheSameWay() {
    TestedRun first = shipped.run();

    for (int i = 0; i < 20; i++) {
      TestedRun again = shipped.run();
      assertThat(again.toString()).isEqualTo(first.toString());
      assertThat(again.commands().toString()).isEqualTo(first.commands().toString());
      assertThat(again.took()).isEqualTo(first.took());
    }
  }

  @Test
  void aFailureIsShownWithTheWholeRun() {
    TestedRun run = shop.step("verify/unit tests", fails("2 tests failed")).run();

    assertThatThrownBy(() -> run.assertOutcome(SUCCEEDED))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("The run is to be SUCCEEDED")
        .hasMessageContaining("is FAILED (verify: inParallel: unit tests: 2 tests failed)")
        .hasMessageContaining("unit tests  FAILED (2 tests failed)")
        .hasMessageContaining("ship  SKIPPED");
  }

  @Test
  void everyAssertionFailsWhenItShould() {
    TestedRun run = shipped.run();

    for (Runnable wrong :
        List.<Runnable>of(
            () -> run.assertOutcome(FAILED),
            () -> run.assertOutcome("ship", FAILED),
            () -> run.assertReason("no such reason"),
            () -> run.assertReason("ship", "no such reason"),
            () -> run.assertOrder("deploy", "ship"),
            () -> run.assertOrder("deploy", "no such step"),
            () -> run.assertSkipped("ship"),
            () -> run.assertRan("deploy", 2),
            () -> run.assertRanOnce("ship"),
            () -> run.assertOutput(ShopPipeline.VERSION, "v1"),
            () -> run.assertOutput(TEXT, "v1"),
            () -> run.assertOutput(ShopPipeline.PACE, "fast"),
            () -> run.assertCommand("./deploy.sh"),
            () -> run.assertNoCommand("./deploy.sh"),
            () -> run.assertWaiting("ship"),
            () -> run.assertLog("deploy", "no such text"),
            () -> run.assertArtifact("no such file"),
            () -> run.assertStarted("other", Map.of()),
            () -> run.assertTook(ofHours(1)))) {
      assertThatThrownBy(wrong::run).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aStepThatDoesNotExistIsRefusedWithTheNamesOfThoseThatDo() {
    assertThatThrownBy(shop.step("lint", fails("no"))::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("There is no step 'lint'")
        .hasMessageContaining("'verify/lint'");
    assertThatThrownBy(shop.crashAfter("nowhere")::run).hasMessageContaining("'nowhere'");
  }

  @Test
  void aCrashThatNeverComesIsAnError() {
    assertThatThrownBy(shop.step("package", fails("no")).crashDuring("deploy")::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("lost at 'deploy', but the run never got there");
  }

  @Test
  void aWrongPipelineIsRefusedWithAllItsProblems() {
    assertThatThrownBy(Shapes.of(sh("a", ""), sh("a", "true"))::run)
        .isInstanceOf(DefinitionException.class)
        .hasMessageContaining("The command is empty")
        .hasMessageContaining("two steps named 'a'");
  }

  @Test
  void theLongestKnownBeginningOfACommandCounts() {
    Shapes.of(step("s", step -> step.set(TEXT, step.exec("git", "log", "-1").stdout().strip())))
        .command("git", fails("no"))
        .command("git log", prints("long"))
        .command("git log -1 --oneline", fails("no"))
        .run()
        .assertOutput(TEXT, "long");
  }

  @Test
  void scriptsCanChangeFromTimeToTime() {
    Shapes.of(
            step(
                "s",
                step ->
                    step.set(
                        TEXT,
                        step.sh("x").stdout() + step.sh("x").stdout() + step.sh("x").exitCode())))
        .command("x", inTurn(prints("1"), prints("2"), exits(7)))
        .run()
        .assertOutput(TEXT, "1\n2\n7");
  }

  @Test
  void aTaskCanBeReplacedWithWhatItLeaves() {
    shop.step("read version", sets(ShopPipeline.VERSION, "v9").printing("nine"))
        .leaveWaiting("ship")
        .run()
        .assertOutput(ShopPipeline.VERSION, "v9")
        .assertLog("read version", "nine")
        .assertNoCommand("git describe");
  }

  @Test
  void backoffsAndTimeoutsTakeNoRealTime() {
    Shapes.of(
            sh("flaky", "flaky").attempts(5, ofHours(1)),
            sh("slow", "slow").timeout(ofHours(100)).allowFailure())
        .command("flaky", times(4, fails("no")))
        .command("slow", hangs())
        .run()
        .assertRan("flaky", 5)
        .assertOutcome("slow", TIMED_OUT)
        .assertTook(ofHours(1 + 2 + 4 + 8 + 100).plusSeconds(5));
  }

  @Test
  void aRunThatWouldNeverEndIsAnErrorThatNamesTheStep() {
    assertThatThrownBy(Shapes.of(sh("a", "a"), sh("b", "b")).command("b", hangs())::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Nothing will ever happen again")
        .hasMessageContaining("'b' not over");
  }

  @Test
  void javaCodeThatNeverEndsIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatThrownBy(Shapes.of(step("stuck", step -> never.await())).patience(ofSeconds(1))::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Nothing has happened for 1 s")
        .hasMessageContaining("'stuck' not over");
  }

  @Test
  void filesAreInTheWorkspaceAndArtifactsAreKept(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("deep"));
    Files.writeString(folder.resolve("deep/VERSION"), "1.0");

    TestedRun run =
        Shapes.of(
                step(
                        "copy",
                        step -> {
                          Path here = step.workspace();
                          Files.copy(here.resolve("deep/VERSION"), here.resolve("copy"));
                          Files.copy(here.resolve("name"), here.resolve("copy2"));
                        })
                    .keeps("copy*"))
            .files(folder)
            .file("name", "shop")
            .run()
            .assertOutcome(SUCCEEDED);

    assertThat(run.artifact("copy")).contains("1.0");
    assertThat(run.artifact("copy2")).contains("shop");
  }

  @Test
  void factsAndParametersOfTheRunAreTheTests() {
    Shapes.of(
            step(
                "s",
                step ->
                    step.set(
                        TEXT,
                        step.run().ref() + step.run().number() + step.parameter("p").orElse("-"))))
        .onTag("v1")
        .number(7)
        .parameter("p", "x")
        .run()
        .assertOutput(TEXT, "refs/tags/v17x");
  }

  @Test
  void commandsAreRecordedWithWhatTheyGot() {
    List<RanCommand> commands =
        Shapes.of(stage("s", sh("a", "make").env("LEVEL", "3"))).run().commands();

    assertThat(commands).hasSize(1);
    assertThat(commands.getFirst().step()).isEqualTo("s/a");
    assertThat(commands.getFirst().text()).isEqualTo("make");
    assertThat(commands.getFirst().environment())
        .containsEntry("LEVEL", "3")
        .containsEntry("PIPEWRIGHT_BRANCH", "main");
  }

  @Test
  void secretsReachTheStepThatDeclaresThemAndNoLog() {
    Shapes.of(
            step("use", step -> step.log("is " + step.secret(secret("TOKEN"))))
                .needs(secret("TOKEN")),
            sh("other", "other"))
        .secret("TOKEN", "sesame!")
        .run()
        .assertOutcome(SUCCEEDED)
        .assertLog("use", "is ***");
    Shapes.of(sh("use", "use").needs(secret("TOKEN")))
        .run()
        .assertOutcome("use", ERRORED)
        .assertReason("use", "secret(name, value)");
  }

  @Test
  void branchesRunAtTheSameTime() {
    Shapes.of(inParallel(sh("a", "a"), sh("b", "b"), sh("c", "c")), sh("d", "d"))
        .command("a", takes(ofMinutes(10)))
        .command("b", takes(ofMinutes(7)))
        .run()
        .assertTook(ofMinutes(10).plusSeconds(1));
  }

  @Test
  void otherPipelinesAreStartedOnceWithTheirParameters() {
    Shapes.of(
            step("v", step -> step.set(TEXT, "v1")),
            trigger("deploy").parameter("version", TEXT).parameter("level", "2"),
            trigger("deploy").named("again").withoutWaiting())
        .run()
        .assertOutcome(SUCCEEDED)
        .assertStarted("deploy", Map.of("version", "v1", "level", "2"))
        .assertStarted("deploy", Map.of());
  }

  @Test
  void lateStepsThatWouldWaitForThemselvesAreAnError() {
    Shapes.of(withLock("l", expand("each", step -> List.of(sh("a", "a").locks("l")))))
        .run()
        .assertOutcome("each", ERRORED)
        .assertReason("each", "would wait for itself");
    Shapes.of(withLock("l", expand("each", step -> List.of(sh("a", "a").locks("m")))))
        .run()
        .assertOutcome(SUCCEEDED);
  }

  @Test
  void aTesterIsAValue() {
    PipelineTester base = Shapes.of(sh("a", "a"));
    PipelineTester broken = base.command("a", fails("no"));

    base.run().assertOutcome(SUCCEEDED);
    broken.run().assertOutcome(FAILED);
    base.run().assertOutcome(SUCCEEDED);
  }

  @Test
  void scriptsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> times(0, fails("no"))).hasMessageContaining("counts from 1");
    assertThatThrownBy(() -> times(2, times(2, fails("no")))).hasMessageContaining("each time");
    assertThatThrownBy(() -> takes(ofSeconds(-1))).hasMessageContaining("PT-1S");
    assertThatThrownBy(Shapes.of(sh("a", "a")).command("a", writes("../x", "y"))::run)
        .hasMessageContaining("no file inside the workspace");
  }
}
