package dev.pipewright.engine;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.anyOf;
import static dev.pipewright.dsl.Steps.choose;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.inParallelFor;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.dsl.Step;
import dev.pipewright.dsl.Task;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * There is one rule for what a container is: what people saw while it ran and what it ended as
 * agree, whatever the order in which its steps ended.
 */
@Timeout(180)
final class OneRuleTest {
  private final Path workspace;
  private final Trial trial;

  OneRuleTest(@TempDir Path workspace) {
    this.workspace = workspace;
    this.trial = new Trial(workspace);
  }

  private static Task ends(String name, Outcome outcome) {
    return step(
        name,
        context -> {
          switch (outcome) {
            case FAILED -> throw context.failure("no");
            case ERRORED -> throw new IllegalStateException("bug");
            default -> {}
          }
        });
  }

  private static Task waits(String name) {
    return step(name, _ -> new CountDownLatch(1).await());
  }

  /** What the rule makes of a node, from what was told so far. */
  private static StepState state(PlanStep step, Map<StepPath, StepState> told) {
    StepState known = step.path() == null ? null : told.get(step.path());
    return known == null ? folded(step, told) : known;
  }

  /** What the rule makes of the steps in a node. */
  private static StepState folded(PlanStep step, Map<StepPath, StepState> told) {
    if (step.steps().isEmpty()) {
      return new StepState.Pending();
    }
    List<Folding.Child> children = new ArrayList<>();
    for (PlanStep child : step.steps()) {
      children.add(new Folding.Child(state(child, told), child.allowFailure()));
    }
    return Folding.fold(children);
  }

  private static Map<StepPath, StepState> told(List<RunEvent> events) {
    Map<StepPath, StepState> told = new HashMap<>();
    for (RunEvent event : events) {
      switch (event) {
        case RunEvent.StepStarted e -> told.put(e.path(), new StepState.Running());
        case RunEvent.StepFinished e -> told.put(e.path(), new StepState.Finished(e.outcome()));
        default -> {}
      }
    }
    return told;
  }

  private static Step random(Random random, int depth, AtomicInteger names) {
    String name = "n" + names.incrementAndGet();
    if (depth == 0 || random.nextInt(4) == 0) {
      Outcome[] outcomes = {Outcome.SUCCEEDED, Outcome.SUCCEEDED, Outcome.FAILED, Outcome.ERRORED};
      Task task = ends(name, outcomes[random.nextInt(outcomes.length)]);
      return random.nextInt(3) == 0 ? task.allowFailure() : task;
    }
    List<Step> inside = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      inside.add(random(random, depth - 1, names));
    }
    Step first = random(random, depth - 1, names);
    Step second = random(random, depth - 1, names);
    Step[] rest = inside.toArray(Step[]::new);
    return switch (random.nextInt(4)) {
      case 0 -> stage(name, inParallel(first, second, rest));
      case 1 -> inParallel(first, second, rest);
      case 2 -> stage(name, first, rest).allowFailure();
      default -> stage(name, first, rest);
    };
  }

  private static Plan plan(Step root) {
    return PlanReader.read(pipeline("p").startedBy(manually()).runs(root), "P").plan();
  }

  @Test
  void whatWasSeenLiveAndWhatItEndedAsAgreeForRandomPipelines() {
    int compared = 0;
    for (int seed = 0; seed < 60; seed++) {
      Step root = stage("root", random(new Random(seed), 4, new AtomicInteger()));
      Trial each = new Trial(workspace);
      each.run(root);
      List<RunEvent> events = each.recorder.events();
      for (PlanStep step : plan(root).addressedSteps()) {
        compared += compare(step, events);
      }
    }
    assertThat(compared).isGreaterThan(200);
  }

  /** Compares what a container was seen as after every event with what it ended as. */
  private static int compare(PlanStep step, List<RunEvent> events) {
    StepPath path = step.path();
    boolean begun =
        events.stream().anyMatch(e -> e instanceof RunEvent.StepStarted s && s.path().equals(path));
    if (path == null || step.steps().isEmpty() || !begun) {
      return 0;
    }
    Outcome end =
        events.stream()
            .filter(e -> e instanceof RunEvent.StepFinished f && f.path().equals(path))
            .map(e -> ((RunEvent.StepFinished) e).outcome())
            .findFirst()
            .orElseThrow();
    StepState seen = new StepState.Pending();
    for (int i = 1; i <= events.size(); i++) {
      seen = folded(step, told(events.subList(0, i)));
      if (seen instanceof StepState.Finished(Outcome outcome)) {
        assertThat(outcome).as(path + " in " + events).isEqualTo(end);
      }
    }
    assertThat(seen).isEqualTo(new StepState.Finished(end));
    return 1;
  }

  @Test
  void theOrderInWhichBranchesAreWrittenDoesNotDecideWhichEndCounts() {
    trial.run(inParallel(ends("a", Outcome.ERRORED), ends("b", Outcome.FAILED)));
    Trial other = new Trial(workspace);
    other.run(inParallel(ends("b", Outcome.FAILED), ends("a", Outcome.ERRORED)));

    assertThat(trial.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(other.outcome()).isEqualTo(Outcome.ERRORED);
  }

  @Test
  void aRaceOfOnlyFailedAndCancelledStepsHasAnOutcomeOfThese() {
    Task cancelled =
        step(
            "cancelled",
            _ -> {
              trial.recorder.awaitEnd("failed");
              trial.cancellation.cancel("enough");
              new CountDownLatch(1).await();
            });
    trial.run(anyOf(ends("failed", Outcome.FAILED), cancelled));

    assertThat(trial.outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void theLosersOfARaceAreAwaitedBeforeAnythingElseBegins() {
    List<String> order = new CopyOnWriteArrayList<>();
    Task loser =
        step(
            "loser",
            _ -> {
              try {
                new CountDownLatch(1).await();
              } finally {
                order.add("loser ended");
              }
            });
    trial.run(
        anyOf(loser, step("winner", _ -> trial.recorder.awaitStart("loser"))),
        step("next", _ -> order.add("next began")));

    assertThat(trial.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(order).containsExactly("loser ended", "next began");
  }

  @Test
  void theRunIsWhatAllOfItsStepsAreNotWhatTheLastOneIs() {
    trial.run(
        ends("a", Outcome.FAILED).allowFailure(),
        ends("b", Outcome.ERRORED),
        ends("c", Outcome.SUCCEEDED));

    assertThat(trial.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.endings()).containsExactly("a=FAILED", "b=ERRORED", "c=SKIPPED");
  }

  @Test
  void aConditionThatCannotBeAskedIsAnErrorAndDoesNotTakeTheOtherBranch() {
    trial.run(
        choose(
            _ -> {
              throw new IllegalStateException("lost");
            },
            ends("then", Outcome.SUCCEEDED),
            ends("else", Outcome.SUCCEEDED)));

    assertThat(trial.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(trial.endings()).containsExactly("then=SKIPPED", "else=SKIPPED");
  }

  @Test
  void everyStepHasAnEntryAlsoThoseThatWereNeverReached() {
    trial.run(
        ends("a", Outcome.FAILED),
        stage("s", ends("b", Outcome.SUCCEEDED), inParallelFor(List.of("c", "d"), n -> waits(n))));

    assertThat(trial.endings())
        .containsExactlyInAnyOrder(
            "a=FAILED", "s/b=SKIPPED", "s/c=SKIPPED", "s/d=SKIPPED", "s=SKIPPED");
  }

  @Test
  void anErrorOfTheMachineInABodyIsReportedAndDoesNotHangTheRun() {
    trial.run(
        step(
            "a",
            _ -> {
              throw new StackOverflowError();
            }));

    assertThat(trial.endings()).containsExactly("a=ERRORED");
  }

  @Test
  void aCancelReachesEveryWord() {
    Task last =
        step(
            "last",
            _ -> {
              trial.recorder.awaitStart("p/one");
              trial.recorder.awaitStart("race");
              trial.recorder.awaitStart("deep/deeper/w");
              trial.cancellation.cancel("enough");
              new CountDownLatch(1).await();
            });
    trial.run(
        inParallel(
            stage("p", inParallel(waits("one"), waits("two"))),
            anyOf(waits("race"), waits("other")),
            stage("deep", stage("deeper", choose(_ -> true, waits("w"), waits("never")))),
            last));

    assertThat(trial.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(trial.endings())
        .contains("p/one=CANCELLED", "race=CANCELLED", "deep/deeper/w=CANCELLED", "p=CANCELLED");
  }
}
