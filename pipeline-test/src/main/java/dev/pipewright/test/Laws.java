package dev.pipewright.test;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.test.play.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What holds for every run, whatever is lost meanwhile: no finished step is done or told again, and
 * what is at most once never is done twice unless its end was known or a person wants it.
 */
final class Laws {
  private static final Set<Outcome> WORKED =
      Set.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.ERRORED, Outcome.TIMED_OUT);

  private final Set<StepPath> finished = new HashSet<>();
  private final Set<StepPath> once = new HashSet<>();
  private final Map<StepPath, Integer> attempts = new HashMap<>();

  /** Tasks that are at most once and whose work was begun since their end was known last. */
  private final Set<StepPath> open = new HashSet<>();

  /** Tasks that are at most once and that have ended, in whatever attempt of the run. */
  private final Set<StepPath> done = new HashSet<>();

  private final List<String> broken = new ArrayList<>();

  private Laws() {}

  /** Every breach in words. */
  static List<String> broken(TestedRun run) {
    Laws laws = new Laws();
    Steps.each(run.played().planned(), laws::learn);
    run.played().ledger().entries().forEach(laws::read);
    if (run.played().over() != null && run.played().holdsLocks()) {
      laws.broken.add("A lock was not given back.");
    }
    return laws.broken;
  }

  private void learn(PlannedStep step) {
    if (step.path() != null && step.node().modifiers().atMostOnce()) {
      once.add(step.path());
    }
  }

  private void learn(PlanStep step) {
    if (step.path() != null && step.needs().atMostOnce()) {
      once.add(step.path());
    }
    step.steps().forEach(this::learn);
    step.onFailure().forEach(this::learn);
    step.ensure().forEach(this::learn);
  }

  private void read(Ledger.Entry entry) {
    switch (entry) {
      case Ledger.Told(int _, EventEnvelope envelope) -> read(envelope.event());
      case Ledger.Performed(int _, StepPath step) -> performed(step);
      case Ledger.Said said -> {
        open.remove(said.step());
        if (said.end().equals("happened")) {
          done.add(said.step());
        }
      }
      case Ledger.Command _, Ledger.Started _ -> {}
    }
  }

  private void performed(StepPath step) {
    if (finished.contains(step)) {
      broken.add("'" + step + "' is done again though it was finished.");
    }
    if (once.contains(step)) {
      if (done.contains(step)) {
        broken.add("'" + step + "' is at most once, but is done again after its end.");
      } else if (!open.add(step)) {
        broken.add("'" + step + "' is at most once, but is done again though nobody wants it.");
      }
    }
  }

  private void read(RunEvent event) {
    switch (event) {
      case RunEvent.RunStarted _ -> {
        finished.clear();
        attempts.clear();
      }
      case RunEvent.StepStarted start -> {
        if (finished.contains(start.path())) {
          broken.add("'" + start.path() + "' is begun again though it was finished.");
        }
        Integer before = attempts.put(start.path(), start.attempt());
        if (before != null && before < start.attempt()) {
          open.remove(start.path());
        }
      }
      case RunEvent.StepFinished end -> {
        if (!finished.add(end.path())) {
          broken.add("The end of '" + end.path() + "' is told twice.");
        }
        if (once.contains(end.path()) && WORKED.contains(end.outcome())) {
          done.add(end.path());
        }
      }
      case RunEvent.StepsReset reset -> reset(reset.paths());
      case RunEvent.StepExpanded found -> found.steps().forEach(this::learn);
      default -> {}
    }
  }

  /** A container is tried again after a known end, and all in it with it. */
  private void reset(List<StepPath> paths) {
    for (StepPath path : paths) {
      finished.removeIf(each -> each.equals(path) || path.contains(each));
      done.removeIf(each -> each.equals(path) || path.contains(each));
      open.removeIf(each -> each.equals(path) || path.contains(each));
      attempts.keySet().removeIf(each -> each.equals(path) || path.contains(each));
    }
  }
}
