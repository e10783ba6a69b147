package dev.pipewright.state;

import static dev.pipewright.state.Samples.LINT;
import static dev.pipewright.state.Samples.NOON;
import static dev.pipewright.state.Samples.TESTS;
import static dev.pipewright.state.Samples.VERIFY;
import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.StepSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepFoldTest {

  private static RunRecord after(EventEnvelope... events) {
    RunRecord queued = Records.queued("shop#1");
    RunDraft claimed = new RunDraft(queued);
    claimed.claim("spawner", "hash", NOON);
    RunDraft draft = new RunDraft(claimed.record());
    draft.report(List.of(events));
    return draft.record();
  }

  private static StepSnapshot step(RunRecord run, StepPath path) {
    return run.steps().stream()
        .filter(found -> found.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStageRunsWhileAStepInsideAnUnnamedContainerRuns() {
    RunRecord run = after(began(1), began(2, LINT));
    assertThat(step(run, VERIFY).state()).isEqualTo(Phase.RUNNING);
    assertThat(step(run, TESTS).state()).isEqualTo(Phase.PENDING);
  }

  @Test
  void aStageThatWasBegunRunsUntilItsEndIsTold() {
    RunRecord run =
        after(
            began(1),
            began(2, VERIFY),
            ended(3, LINT, Outcome.SUCCEEDED),
            ended(4, TESTS, Outcome.SUCCEEDED));
    assertThat(step(run, VERIFY).state()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aStageNobodyToldOfEndsAsItsStepsDid() {
    RunRecord run =
        after(began(1), ended(2, LINT, Outcome.FAILED), ended(3, TESTS, Outcome.SUCCEEDED));
    assertThat(step(run, VERIFY).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void whatTheEngineSaysOfAnEndIsNeverChanged() {
    RunRecord run =
        after(
            began(1),
            ended(2, VERIFY, Outcome.SUCCEEDED),
            began(3, LINT),
            ended(4, LINT, Outcome.FAILED));
    assertThat(step(run, VERIFY).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aRunThatEndsLeavesNoStepOpen() {
    RunRecord run = after(began(1), began(2, LINT), ended(3, Outcome.SUCCEEDED));
    assertThat(run.steps()).allSatisfy(step -> assertThat(step.outcome()).isNotNull());
    assertThat(step(run, LINT).outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(step(run, TESTS).outcome()).isEqualTo(Outcome.SKIPPED);
  }
}
