package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a finished run can be run once more, and from a step. Everything before that step must
 * have a result that is taken over, and its files must be there: in the kept workspace, or because
 * the steps before kept them. Pure.
 */
final class RerunChecks {
  private static final int MOST_ATTEMPTS = 100;
  private static final Set<String> SIDE_BY_SIDE = Set.of("inParallel", "inParallelFor", "anyOf");
  private static final Set<String> PERHAPS = Set.of("choose", "onlyIf", "onBranch", "anyOf");
  private static final Set<String> LEAVES_NO_FILES = Set.of("checkout", "approval", "trigger");

  private final Map<StepPath, StepSnapshot> states = new HashMap<>();
  private final RunRecord run;
  private final StepPath from;
  private final List<StepSnapshot> before = new ArrayList<>();
  private final List<PlanStep> tasksBefore = new ArrayList<>();

  private RerunChecks(RunRecord run, StepPath from) {
    this.run = run;
    this.from = from;
    run.steps().forEach(step -> states.put(step.path(), step));
  }

  /** Throws CONFLICT unless another attempt can be had, from this step if there is one. */
  static void check(RunRecord run, @Nullable StepPath from, Instant now) {
    if (!run.over()) {
      throw refused(
          run.attempt().number() > 1
              ? "Attempt %d of %s is being made.".formatted(run.attempt().number(), run.id())
              : "The run " + run.id() + " is not finished.",
          "Wait for its end, or cancel it.");
    }
    if (run.attempt().number() >= MOST_ATTEMPTS) {
      throw refused(
          "The run %s has had %d attempts.".formatted(run.id(), MOST_ATTEMPTS),
          "Start another run of the pipeline.");
    }
    if (from != null) {
      new RerunChecks(run, from).check(now);
    }
  }

  private void check(Instant now) {
    List<PlanStep> way = wayTo(run.plan().steps());
    if (way.isEmpty()) {
      throw refused(
          "The run %s has no step '%s'.".formatted(run.id(), from), "Name one of its steps.");
    }
    checkPlace(way);
    gather(run.plan().steps(), way, 0, false);
    for (StepSnapshot step : before) {
      if (!isTakenOver(step)) {
        throw refused(
            "The run cannot begin at '%s': the step '%s' before it %s."
                .formatted(from, step.path(), words(step)),
            "Run it again from that step, or from the start.");
      }
    }
    Instant until = run.attempt().workspaceUntil();
    if (until == null || !until.isAfter(now)) {
      checkFiles();
    }
  }

  private static ApiException refused(String why, String advice) {
    return new ApiException(Problem.Code.CONFLICT, why, advice);
  }

  /** The steps from the outermost to the one that is looked for; empty if there is no such step. */
  private List<PlanStep> wayTo(List<PlanStep> steps) {
    for (PlanStep step : steps) {
      if (from.equals(step.path())) {
        return List.of(step);
      }
      List<PlanStep> rest = wayTo(RunPlans.inside(step).toList());
      if (!rest.isEmpty()) {
        List<PlanStep> way = new ArrayList<>();
        way.add(step);
        way.addAll(rest);
        return way;
      }
    }
    return List.of();
  }

  private void checkPlace(List<PlanStep> way) {
    for (int i = 0; i < way.size() - 1; i++) {
      PlanStep outer = way.get(i);
      PlanStep inner = way.get(i + 1);
      if (!outer.steps().contains(inner)) {
        throw refused(
            "The run cannot begin at '%s': it runs only when another step is over.".formatted(from),
            "Begin at the step it belongs to.");
      }
      if (outer.kind().equals("expand")) {
        throw refused(
            "The run cannot begin at '%s': it is made only while the run is going on."
                .formatted(from),
            "Begin at '%s'.".formatted(outer.path()));
      }
      if (PERHAPS.contains(outer.kind()) && !isBegun(inner)) {
        throw refused(
            "The run cannot begin at '%s': its branch was not taken.".formatted(from),
            "Begin at a step before that decision.");
      }
    }
  }

  private boolean isBegun(PlanStep step) {
    return RunPlans.addressed(step).stream()
        .map(each -> states.get(each.path()))
        .anyMatch(known -> known != null && known.outcome() != Outcome.SKIPPED);
  }

  /** Gathers everything that comes before the step, along the way to it. */
  private void gather(List<PlanStep> steps, List<PlanStep> way, int depth, boolean sideBySide) {
    PlanStep next = way.get(depth);
    for (PlanStep step : steps) {
      if (step.equals(next)) {
        break;
      }
      if (!sideBySide) {
        results(step);
        tasks(step);
      }
    }
    if (sideBySide) {
      steps.stream().filter(step -> !step.equals(next)).forEach(this::tasks);
    }
    if (depth + 1 < way.size()) {
      gather(next.steps(), way, depth + 1, SIDE_BY_SIDE.contains(next.kind()));
    }
  }

  private void results(PlanStep step) {
    if (step.path() != null) {
      StepSnapshot known = states.get(step.path());
      if (known != null) {
        before.add(known);
      }
    } else if (step.kind().equals("anyOf")) {
      List<StepSnapshot> branches =
          RunPlans.addressed(step).stream()
              .map(each -> states.get(each.path()))
              .filter(known -> known != null)
              .toList();
      if (branches.stream().noneMatch(this::isTakenOver)) {
        before.addAll(branches);
      }
    } else {
      step.steps().forEach(this::results);
    }
  }

  private void tasks(PlanStep step) {
    if (step.steps().isEmpty()) {
      tasksBefore.add(step);
    }
    step.steps().forEach(this::tasks);
  }

  private boolean isTakenOver(StepSnapshot step) {
    Outcome outcome = step.outcome();
    if (outcome == null) {
      return false;
    }
    return outcome == Outcome.SKIPPED
        ? !isLeftOver(step)
        : outcome == Outcome.SUCCEEDED || step.allowFailure();
  }

  /** True for a step that was not run only because the run was over before. */
  private boolean isLeftOver(StepSnapshot step) {
    return run.outcome() != Outcome.SUCCEEDED
        && step.finishedAt() != null
        && step.finishedAt().equals(run.finishedAt());
  }

  private static String words(StepSnapshot step) {
    return switch (step.outcome()) {
      case null -> "has no result";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case ERRORED -> "could not be done";
      case TIMED_OUT -> "took too long";
      case CANCELLED -> "was cancelled";
      case SKIPPED -> "was not run";
    };
  }

  private void checkFiles() {
    for (PlanStep task : tasksBefore) {
      StepSnapshot known = task.path() == null ? null : states.get(task.path());
      boolean ran = known != null && isTakenOver(known) && known.outcome() != Outcome.SKIPPED;
      boolean restorable = LEAVES_NO_FILES.contains(task.kind()) || !task.needs().keeps().isEmpty();
      if (ran && !restorable) {
        throw refused(
            "The run cannot begin at '%s': its workspace is gone, and the step '%s' before it kept no files."
                .formatted(from, task.path()),
            "Run it again from the start, or let that step keep what later ones need.");
      }
    }
  }
}
