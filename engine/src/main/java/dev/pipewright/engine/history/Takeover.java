package dev.pipewright.engine.history;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a further attempt of a run takes over from the one before, told again as events of its own.
 *
 * @param events what it begins with
 * @param done the tasks whose work it relies on, in the order of the plan
 * @param artifacts the files they kept
 */
public record Takeover(List<RunEvent> events, List<PlanStep> done, List<Artifact> artifacts) {
  /** Nothing. */
  public static final Takeover NOTHING = new Takeover(List.of(), List.of(), List.of());

  private static final Set<String> LEAVES_NO_FILES = Set.of("approval", "trigger");

  public Takeover {
    events = List.copyOf(events);
    done = List.copyOf(done);
    artifacts = List.copyOf(artifacts);
  }

  /**
   * What an attempt that begins at a step may take over: the steps before it in the order of the
   * plan, which all must have succeeded, been skipped, or been allowed to fail; and of a parallel
   * word that holds it, the branches that did.
   *
   * @throws RefusedException if there is no such step, it cannot be begun at, or a step before it
   *     has no result to build on
   */
  public static Takeover from(Planned planned, History history, StepPath from)
      throws RefusedException {
    Search search = new Search(history, from, Set.of());
    search.sequence(planned.steps());
    return search.found();
  }

  /**
   * The same where the files of the workspace are gone: each checkout is done again, and the other
   * steps must have kept what they made, or have made nothing.
   *
   * @throws RefusedException naming a step whose files cannot be had again
   */
  public static Takeover withoutWorkspace(Planned planned, History history, StepPath from)
      throws RefusedException {
    Takeover all = from(planned, history, from);
    Set<StepPath> again = new HashSet<>();
    for (PlanStep task : all.done()) {
      StepPath path = task.path();
      boolean checkout = task.kind().equals("checkout");
      if (path != null && checkout) {
        again.add(path);
      } else if (!LEAVES_NO_FILES.contains(task.kind()) && task.needs().keeps().isEmpty()) {
        throw new RefusedException(
            "The workspace is gone, and what '%s' left in it was not kept. Run all of it again, or let that step keep its files with keeps(...)."
                .formatted(path));
      }
    }
    Search search = new Search(history, from, again);
    search.sequence(planned.steps());
    return search.found();
  }

  /**
   * What an attempt takes over that had to begin anew because the workspace was lost: how steps
   * ended that may happen only once, or that nobody knows it. What was done stays done, whatever
   * its outcome.
   */
  public static Takeover afterLoss(Planned planned, History history) {
    return new Takeover(OnlyOnce.events(planned, history), List.of(), List.of());
  }

  /** Walks the plan up to the step. Confined to one call. */
  private static final class Search {
    private final History history;
    private final StepPath from;
    private final Set<StepPath> again;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<PlanStep> done = new ArrayList<>();
    private final List<Artifact> artifacts = new ArrayList<>();

    Search(History history, StepPath from, Set<StepPath> again) {
      this.history = history;
      this.from = from;
      this.again = again;
    }

    Takeover found() {
      return new Takeover(events, done, artifacts);
    }

    /** Steps in a row: everything before the one that holds the wanted step must be good. */
    void sequence(List<PlannedStep> steps) throws RefusedException {
      PlannedStep holder = holder(steps);
      for (PlannedStep step : steps) {
        if (step.key().equals(holder.key())) {
          into(step);
          return;
        }
        if (!isGood(step)) {
          throw new RefusedException(notGood(step));
        }
        take(step);
      }
    }

    private PlannedStep holder(List<PlannedStep> steps) throws RefusedException {
      for (PlannedStep step : steps) {
        if (holds(step)) {
          return step;
        }
      }
      throw new RefusedException("There is no step '" + from + "'.");
    }

    private boolean holds(PlannedStep step) {
      boolean[] found = {false};
      step.visit(each -> found[0] |= from.equals(each.path()));
      boolean expanded =
          step.node().word() instanceof Word.Expand
              && step.path() != null
              && step.path().contains(from);
      return found[0] || expanded || step.steps().stream().anyMatch(this::holds);
    }

    /** The step that holds the wanted one, or is it. */
    private void into(PlannedStep step) throws RefusedException {
      if (from.equals(step.path())) {
        return;
      }
      if (step.onFailure().stream().anyMatch(this::holds)
          || step.ensure().stream().anyMatch(this::holds)) {
        throw new RefusedException(
            "'%s' runs only after '%s', so no run can begin at it. Begin at '%s'."
                .formatted(from, step.shownName(), step.shownName()));
      }
      switch (step.node().word()) {
        case Word.Stage _, Word.WithLock _, Word.WithCheckout _ -> sequence(step.steps());
        case Word.OnBranch _ -> branchThatRan(step);
        case Word.OnlyIf _, Word.Choose _ -> conditional(step);
        case Word.InParallel _, Word.AnyOf _ -> parallel(step);
        case Word.Expand _ ->
            throw new RefusedException(
                "'%s' was found by '%s' while the run was going on. Begin at '%s'."
                    .formatted(from, step.path(), step.path()));
        case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _ -> {}
        case Word.Approval _, Word.Downstream _ -> {}
      }
    }

    private void conditional(PlannedStep step) throws RefusedException {
      String answer = history.note(step.key(), Note.ANSWER);
      if (answer == null) {
        throw new RefusedException(
            "'%s' was not reached, so its condition has no answer.".formatted(from));
      }
      events.add(Note.ANSWER.event(step.key(), answer));
      branchThatRan(step);
    }

    /** Of the steps one part ran and the other was skipped: the wanted one must be in the first. */
    private void branchThatRan(PlannedStep step) throws RefusedException {
      List<PlannedStep> steps =
          step.node().word() instanceof Word.Choose ? List.of(holder(step.steps())) : step.steps();
      PlannedStep holder = holder(steps);
      if (isSkipped(holder) && !history.hasBegun(holder) && skippedHere(step, holder)) {
        throw new RefusedException("'%s' lies in a branch that was not taken.".formatted(from));
      }
      if (step.node().word() instanceof Word.Choose) {
        for (PlannedStep other : step.steps()) {
          if (!other.key().equals(holder.key())) {
            take(other);
          }
        }
      }
      sequence(steps);
    }

    /** A step may also be skipped because one before it failed; then its branch was taken. */
    private boolean skippedHere(PlannedStep step, PlannedStep holder) {
      String answer = history.note(step.key(), Note.ANSWER);
      return switch (step.node().word()) {
        case Word.Choose _ ->
            !String.valueOf(holder.key().equals(step.steps().getFirst().key())).equals(answer);
        case Word.OnlyIf _ -> !"true".equals(answer);
        default -> step.steps().stream().allMatch(this::isSkipped);
      };
    }

    private boolean isSkipped(PlannedStep step) {
      RunEvent.StepFinished end = history.finished(step);
      return end == null
          ? step.path() == null && step.steps().stream().allMatch(this::isSkipped)
          : end.outcome() == Outcome.SKIPPED;
    }

    /** Branches at the same time: those that are good are kept, the others run again. */
    private void parallel(PlannedStep step) throws RefusedException {
      PlannedStep holder = holder(step.steps());
      boolean any = step.node().word() instanceof Word.AnyOf;
      if (any && !isGood(holder) && step.steps().stream().anyMatch(this::isGood)) {
        throw new RefusedException(
            "'%s' lies in a branch that was not taken: another one succeeded first."
                .formatted(from));
      }
      for (PlannedStep branch : step.steps()) {
        if (branch.key().equals(holder.key())) {
          into(branch);
        } else if (isGood(branch) || (any && history.isComplete(branch))) {
          take(branch);
        }
      }
    }

    private boolean isGood(PlannedStep step) {
      RunEvent.StepFinished end = history.finished(step);
      boolean allowed = step.node().modifiers().allowFailure();
      if (end != null) {
        return Folding.counted(end.outcome(), allowed) == Outcome.SUCCEEDED;
      }
      if (step.path() != null || !history.isComplete(step)) {
        return false;
      }
      boolean some =
          step.node().word() instanceof Word.AnyOf && step.steps().stream().anyMatch(this::isGood);
      return allowed || some || step.inside().allMatch(this::isGood);
    }

    private String notGood(PlannedStep step) {
      RunEvent.StepFinished end = history.finished(step);
      return end == null
          ? "'%s' before '%s' has no result. Begin there or earlier."
              .formatted(step.shownName(), from)
          : "'%s' before '%s' ended %s. Begin there or earlier."
              .formatted(step.shownName(), from, end.outcome());
    }

    /** Takes over a step and all in it, but for what is done again. */
    private void take(PlannedStep step) {
      if (again.stream().noneMatch(path -> path.equals(step.path()) || inside(step, path))) {
        events.addAll(history.retold(step));
      } else if (!again.contains(step.path())) {
        String answer = history.note(step.key(), Note.ANSWER);
        if (answer != null) {
          events.add(Note.ANSWER.event(step.key(), answer));
        }
        step.inside().forEach(this::take);
        return;
      }
      tasks(step);
    }

    private static boolean inside(PlannedStep step, StepPath path) {
      boolean[] found = {false};
      step.visit(each -> found[0] |= path.equals(each.path()));
      return found[0];
    }

    private void tasks(PlannedStep step) {
      List<PlanStep> expanded = history.expanded(step);
      if (expanded != null) {
        expanded.forEach(this::task);
      } else if (!step.node().word().isContainer() && !isSkipped(step)) {
        RunEvent.StepFinished end = history.finished(step);
        if (end != null) {
          done.add(PlanReader.shape(step));
          artifacts.addAll(end.artifacts());
        }
      }
      step.inside().forEach(this::tasks);
    }

    private void task(PlanStep step) {
      if (step.steps().isEmpty() && step.path() != null) {
        history.finished().stream()
            .filter(end -> end.path().equals(step.path()) && end.outcome() != Outcome.SKIPPED)
            .forEach(
                end -> {
                  done.add(step);
                  artifacts.addAll(end.artifacts());
                });
      }
      step.steps().forEach(this::task);
      step.onFailure().forEach(this::task);
      step.ensure().forEach(this::task);
    }
  }
}
