package dev.pipewright.test;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Wait;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What came out otherwise in a run that was interrupted. Where branches race each other, another
 * one may be first after an interruption, so their steps are left out; what a person has said of a
 * task of unknown end replaces what the task would have left; and a cancelled run that has lost its
 * workspace does nothing again.
 */
final class Difference {
  private Difference() {}

  /** Every difference in words. */
  static List<String> between(TestedRun peaceful, TestedRun other) {
    if (isToldByPerson(other) && leaves(peaceful, told(other))) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    boolean begunAnew =
        other.outcome().equals(Optional.of(Outcome.CANCELLED)) && other.attempts() > 1;
    if (begunAnew && peaceful.outcome().equals(other.outcome())) {
      return found;
    }
    if (!peaceful.outcome().equals(other.outcome())) {
      found.add(
          "The run is %s.".formatted(other.outcome().map(Object::toString).orElse("waiting")));
    }
    Set<StepPath> racing = racing(peaceful);
    Map<StepPath, RunEvent.StepFinished> ends = other.account().finished();
    Set<String> loose = new HashSet<>();
    peaceful
        .account()
        .finished()
        .forEach(
            (path, end) -> {
              RunEvent.StepFinished now = ends.get(path);
              if (racing.stream().anyMatch(each -> each.equals(path) || each.contains(path))) {
                loose.addAll(end.outputs().keySet());
              } else if (now == null || now.outcome() != end.outcome()) {
                found.add("'%s' is %s.".formatted(path, now == null ? "not over" : now.outcome()));
              }
            });
    peaceful
        .account()
        .outputs()
        .forEach(
            (name, value) -> {
              String now = other.account().outputs().get(name);
              if (!loose.contains(name) && !Objects.equals(value, now)) {
                found.add("The output '%s' is %s, not %s.".formatted(name, now, value));
              }
            });
    return found;
  }

  private static boolean isToldByPerson(TestedRun run) {
    return !told(run).isEmpty();
  }

  /** The tasks of which somebody has said how they ended. */
  private static Set<StepPath> told(TestedRun run) {
    Set<StepPath> told = new HashSet<>();
    for (var envelope : run.played().ledger().history()) {
      if (envelope.event() instanceof RunEvent.StepWaiting wait
          && wait.what().kind() == Wait.Kind.UNKNOWN_END
          && wait.path() != null) {
        told.add(wait.path());
      }
    }
    return told;
  }

  private static boolean leaves(TestedRun run, Set<StepPath> steps) {
    return steps.stream()
        .map(run.account().finished()::get)
        .anyMatch(end -> end != null && !end.outputs().isEmpty());
  }

  /** The steps of which it may depend on time how they end. */
  private static Set<StepPath> racing(TestedRun run) {
    Set<StepPath> racing = new HashSet<>();
    Steps.each(
        run.played().planned(),
        step -> {
          if (isRace(step.node())) {
            step.outermostPaths().forEach(racing::add);
          }
        });
    return racing;
  }

  private static boolean isRace(StepNode step) {
    return step.word() instanceof Word.AnyOf
        || (step.word() instanceof Word.InParallel parallel && parallel.failFast());
  }
}
