package dev.pipewright.standalone.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.Wait;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunTreeTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final RunTree tree =
      new RunTree(
          new Plan(
              new PipelineName("shop"),
              "ShopPipeline",
              List.of(),
              null,
              List.of(
                  step("checkout"),
                  step("verify", step("verify/lint"), step("verify/test")),
                  step("ship"))));
  private int events;

  private static PlanStep step(String path, PlanStep... children) {
    return new PlanStep(
        "sh", new StepPath(path), "", "", false, null, 1, List.of(children), List.of(), List.of());
  }

  private void happens(RunEvent event) {
    events++;
    tree.event(new EventEnvelope(events, START.plusSeconds(events), event));
  }

  private void starts(String path) {
    happens(new RunEvent.StepStarted(new StepPath(path), 1));
  }

  private void ends(String path, Outcome outcome, @Nullable String reason) {
    happens(new RunEvent.StepFinished(new StepPath(path), outcome, reason, Map.of(), List.of()));
  }

  private void prints(String path, String text) {
    tree.output(new StepPath(path), text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> shown(int height) {
    List<String> lines = new ArrayList<>();
    TreeLines.of(tree.rows(), START.plusSeconds(100), height)
        .forEach(line -> lines.add(line.shown(100, false)));
    return lines;
  }

  @Test
  void stepsShowTheirStateDurationsAndTheLastLineOfWhatRuns() {
    starts("checkout");
    ends("checkout", Outcome.SUCCEEDED, null);
    starts("verify");
    starts("verify/lint");
    starts("verify/test");
    prints("verify/test", "compiling\n\u001b[32mtesting ");
    prints("verify/test", "one\u001b[0m\u001b[2J\n\n");
    ends("verify/lint", Outcome.FAILED, "exit code 7");

    assertThat(shown(50))
        .containsExactly(
            "  ✓ checkout  1.0 s",
            "  ⠋ verify  1 min 37 s",
            "    ✗ lint  2.0 s  exit code 7",
            "    ⠋ test  1 min 35 s",
            "      │ testing one [2J".replace(" [2J", "␛[2J"),
            "  · ship");
  }

  @Test
  void whatWaitsSaysForWhat() {
    starts("ship");
    happens(
        new RunEvent.StepWaiting(
            "ship",
            new StepPath("ship"),
            new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), null)));
    assertThat(shown(50)).last().asString().endsWith("waits for approval: Ship it?");
  }

  @Test
  void whatIsTriedAgainIsPendingAgain() {
    starts("verify/lint");
    ends("verify/lint", Outcome.FAILED, "no");
    happens(new RunEvent.StepsReset("verify", List.of(new StepPath("verify"))));
    assertThat(shown(50)).contains("    · lint");
  }

  @Test
  void stepsThatBecomeKnownStandBelowTheirStep() {
    happens(
        new RunEvent.StepExpanded(
            new StepPath("verify"), List.of(step("verify/more", step("verify/more/a")))));
    assertThat(shown(50)).containsSubsequence("  · verify", "    · more", "      · a", "  · ship");
  }

  @Test
  void whatIsBusyIsAlwaysShownHoweverSmallTheScreenIs() {
    starts("checkout");
    ends("checkout", Outcome.SUCCEEDED, null);
    starts("verify/test");
    assertThat(shown(3))
        .containsExactly("  … 1 finished", "    ⠋ test  1 min 37 s", "  … 3 to come");
    assertThat(shown(1)).hasSize(1);
  }
}
