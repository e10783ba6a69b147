package dev.pipewright.engine.history;

import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be told again of steps that may be done only once when a run begins anew: their ends,
 * or that nobody knows them. Confined to one call.
 */
final class OnlyOnce {
  private final History history;
  private final List<RunEvent> events = new ArrayList<>();

  private OnlyOnce(History history) {
    this.history = history;
  }

  static List<RunEvent> events(Planned planned, History history) {
    OnlyOnce all = new OnlyOnce(history);
    planned.steps().forEach(step -> step.visit(all::step));
    return all.events;
  }

  private void step(PlannedStep step) {
    if (step.node().modifiers().atMostOnce()) {
      RunEvent.StepFinished end = history.finished(step);
      if (end == null) {
        unfinished(step.key(), history.hasUnknownEnd(step));
      } else if (workWasDone(end.outcome())) {
        events.addAll(history.retold(step));
      } else if (history.attemptOf(step) > 0) {
        events.add(Note.UNKNOWN.event(step.key(), ""));
      }
    }
    List<PlanStep> found = history.expanded(step);
    if (found != null) {
      found(step, found);
    }
  }

  /** The work may be over though the step is not: something is left to run after it. */
  private void unfinished(String key, boolean unknown) {
    String ended = history.note(key, Note.ENDED);
    boolean cancelled = ended != null && ended.startsWith(Outcome.CANCELLED.name());
    if (ended != null && !cancelled) {
      history.notes(key, Note.LEFT).forEach(left -> events.add(Note.LEFT.event(key, left)));
      events.add(Note.ENDED.event(key, ended));
    } else if (unknown || cancelled) {
      events.add(Note.UNKNOWN.event(key, ""));
    }
  }

  /**
   * Steps that became known in the run. They are told again only if one of them is of interest:
   * then the code that makes them must make the same ones.
   */
  private void found(PlannedStep parent, List<PlanStep> steps) {
    int before = events.size();
    int first = parent.onFailure().size() + parent.ensure().size();
    keyed(steps, parent.key() + "/", first);
    if (events.size() > before && parent.path() != null) {
      events.add(before, new RunEvent.StepExpanded(parent.path(), steps));
    }
  }

  private void keyed(List<PlanStep> steps, String above, int first) {
    for (int i = 0; i < steps.size(); i++) {
      PlanStep step = steps.get(i);
      String key = above + (step.path() == null ? "/" + (first + i) : step.path().name());
      keyed(step.steps(), key + "/", 0);
      keyed(step.onFailure(), key + "/", step.steps().size());
      keyed(step.ensure(), key + "/", step.steps().size() + step.onFailure().size());
      if (step.needs().atMostOnce() && step.path() != null) {
        late(step, key);
      }
    }
  }

  private void late(PlanStep step, String key) {
    RunEvent.StepFinished end = history.finished(step);
    if (end == null) {
      boolean begun = history.hasBegun(step) || history.note(key, Note.UNKNOWN) != null;
      unfinished(key, begun);
    } else if (workWasDone(end.outcome())) {
      history.retellInside(step, events);
    } else if (history.hasBegun(step)) {
      events.add(Note.UNKNOWN.event(key, ""));
    }
  }

  /** True if the step was done to an end that is known; a cancel leaves that open. */
  private static boolean workWasDone(Outcome outcome) {
    return outcome != Outcome.SKIPPED && outcome != Outcome.CANCELLED;
  }
}
