package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.RunAttempt.Expansion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the shape of a run tells together with the states of its steps. Pure. */
final class RunPlans {
  private RunPlans() {}

  /** The plan with the steps that became known while the run was going on. */
  static Plan with(Plan plan, List<Expansion> expansions) {
    if (expansions.isEmpty()) {
      return plan;
    }
    Map<StepPath, List<PlanStep>> known = new HashMap<>();
    expansions.forEach(expansion -> known.put(expansion.path(), expansion.steps()));
    return new Plan(
        plan.pipeline(),
        plan.definition(),
        plan.triggers(),
        plan.image(),
        with(plan.steps(), known),
        plan.concurrency(),
        plan.resources());
  }

  private static List<PlanStep> with(List<PlanStep> steps, Map<StepPath, List<PlanStep>> known) {
    return steps.stream().map(step -> with(step, known)).toList();
  }

  private static PlanStep with(PlanStep step, Map<StepPath, List<PlanStep>> known) {
    List<PlanStep> inside = step.path() == null ? null : known.get(step.path());
    return new PlanStep(
        step.kind(),
        step.path(),
        step.detail(),
        step.location(),
        step.allowFailure(),
        step.timeoutSeconds(),
        step.attempts(),
        with(inside == null ? step.steps() : inside, known),
        with(step.onFailure(), known),
        with(step.ensure(), known),
        step.needs());
  }

  /** Everything a step holds, whenever it is run. */
  static Stream<PlanStep> inside(PlanStep step) {
    return Stream.of(step.steps(), step.onFailure(), step.ensure()).flatMap(List::stream);
  }

  /** The addressed steps at or below {@code step}, in the order of the plan. */
  static List<PlanStep> addressed(PlanStep step) {
    List<PlanStep> found = new ArrayList<>();
    if (step.path() != null) {
      found.add(step);
    }
    inside(step).forEach(child -> found.addAll(addressed(child)));
    return found;
  }

  /** True if a step that was begun and is not over has something to run in any case. */
  static boolean isEnsureLeft(Plan plan, Map<StepPath, StepSnapshot> steps) {
    return plan.steps().stream().anyMatch(step -> isEnsureLeft(step, steps));
  }

  private static boolean isEnsureLeft(PlanStep step, Map<StepPath, StepSnapshot> steps) {
    boolean own =
        !step.ensure().isEmpty()
            && addressed(step).stream().anyMatch(each -> isBegun(each, steps))
            && !isOver(step, steps);
    return own || inside(step).anyMatch(child -> isEnsureLeft(child, steps));
  }

  private static boolean isBegun(PlanStep step, Map<StepPath, StepSnapshot> steps) {
    StepSnapshot known = steps.get(step.path());
    return known != null && known.state() != Phase.PENDING;
  }

  private static boolean isOver(PlanStep step, Map<StepPath, StepSnapshot> steps) {
    if (step.path() != null) {
      StepSnapshot known = steps.get(step.path());
      return known != null && known.finishedAt() != null;
    }
    return step.ensure().stream()
        .flatMap(each -> addressed(each).stream())
        .map(each -> steps.get(each.path()))
        .allMatch(known -> known != null && known.finishedAt() != null);
  }
}
