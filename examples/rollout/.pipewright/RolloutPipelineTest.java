import static dev.pipewright.protocol.run.Outcome.FAILED;
import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
import static dev.pipewright.test.Person.by;
import static dev.pipewright.test.Script.fails;
import static dev.pipewright.test.Script.prints;

import dev.pipewright.test.PipelineTester;
import org.junit.jupiter.api.Test;

/** Runs the pipeline without processes: commands do what is said here, or just succeed. */
class RolloutPipelineTest {
  private final PipelineTester pipeline =
      PipelineTester.of(new RolloutPipeline())
          .onBranch("main")
          .secret("DEPLOY_KEY", "sesame!")
          .command("cat VERSION", prints("3.1"))
          .command("cat regions.txt", prints("north\nsouth"))
          .approve("ship", by("ann"));

  @Test
  void regionsFollowEachOtherOnceAPersonHasSaidSo() {
    pipeline
        .run()
        .assertOutcome(SUCCEEDED)
        .assertOrder("ship", "regions/north/deploy", "regions/south/deploy", "announce");
  }

  @Test
  void whatIsNotOnTheMainBranchGoesNowhere() {
    pipeline.onBranch("topic").run().assertOutcome(SUCCEEDED).assertSkipped("ship");
  }

  @Test
  void whatDoesNotArriveInARegionIsNotAnnounced() {
    pipeline
        .step("regions/north/deploy", fails("no room"))
        .run()
        .assertOutcome(FAILED)
        .assertSkipped("announce");
  }

  @Test
  void aCrashLosesNothingAndDeploysNothingTwice() {
    pipeline.crashAtEveryEvent();
  }
}
