package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Folding.Child;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.StepState;
import dev.pipewright.protocol.run.StepState.Finished;
import dev.pipewright.protocol.run.StepState.Pending;
import dev.pipewright.protocol.run.StepState.Queued;
import dev.pipewright.protocol.run.StepState.Running;
import dev.pipewright.protocol.run.StepState.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every addressed container of a run the state that follows from its children, until its
 * engine says how it ended: what an engine reported as finished is never changed.
 */
final class StepFold {
  private StepFold() {}

  /** Folds {@code steps} in place; those of {@code waiting} have said themselves what they do. */
  static void fold(Plan plan, Map<StepPath, StepSnapshot> steps, Set<StepPath> waiting) {
    plan.steps().forEach(step -> foldStep(step, steps, waiting));
  }

  private static List<Child> foldStep(
      PlanStep step, Map<StepPath, StepSnapshot> steps, Set<StepPath> waiting) {
    List<Child> children = new ArrayList<>();
    RunPlans.inside(step).forEach(child -> children.addAll(foldStep(child, steps, waiting)));
    StepPath path = step.path();
    StepSnapshot now = path == null ? null : steps.get(path);
    if (path == null || now == null) {
      return children;
    }
    if (!children.isEmpty() && now.finishedAt() == null && !waiting.contains(path)) {
      StepState folded = Folding.fold(children);
      now = StepChange.in(now, now.startedAt() == null ? folded : atLeastRunning(folded));
      steps.put(path, now);
    }
    return List.of(new Child(state(now), step.allowFailure()));
  }

  /** A container that was begun and whose end was not told yet still does something. */
  private static StepState atLeastRunning(StepState folded) {
    return switch (folded) {
      case Pending() -> new Running();
      case Queued() -> new Running();
      case Finished(Outcome _) -> new Running();
      case Running running -> running;
      case Waiting waiting -> waiting;
    };
  }

  private static StepState state(StepSnapshot step) {
    return switch (step.state()) {
      case PENDING -> new Pending();
      case QUEUED -> new Queued();
      case RUNNING -> new Running();
      case WAITING -> new Waiting(step.reason() == null ? "" : step.reason());
      case FINISHED -> new Finished(ended(step));
    };
  }

  private static Outcome ended(StepSnapshot step) {
    Outcome outcome = step.outcome();
    return outcome == null ? Outcome.ERRORED : outcome;
  }
}
