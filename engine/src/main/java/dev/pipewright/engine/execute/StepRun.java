package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.Note;
import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.PlanStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one step, and the only one who reports it. Steps without a path are not
 * reported, and nothing is that was reported before. Confined to the thread of the step.
 */
final class StepRun {
  private final PlannedStep step;
  private final Scope scope;
  private final StepLog log;
  private final Map<String, String> outputs = new HashMap<>();
  private List<Artifact> artifacts = List.of();
  private List<PlannedStep> found = List.of();
  private final Supplies supplies;
  private int attempt = 1;

  StepRun(PlannedStep step, Scope scope) {
    this.step = step;
    this.scope = scope;
    Reporter reporter = scope.run().reporter();
    StepPath path = step.path();
    this.log =
        new StepLog(
            (bytes, offset, length) -> {
              if (path != null) {
                reporter.output(path, bytes, offset, length);
              }
            },
            scope.run().mask(),
            path == null ? 0 : reporter.outputEnd(path));
    this.supplies = new Supplies(this);
  }

  PlannedStep step() {
    return step;
  }

  StepLog log() {
    return log;
  }

  /** What the step was given. */
  Supplies supplies() {
    return supplies;
  }

  @Nullable StepPath path() {
    return step.path();
  }

  /** The attempt it is in. */
  int attempt() {
    return attempt;
  }

  void attempt(int number) {
    attempt = number;
  }

  /** Its steps have become known. */
  void expanded(List<PlannedStep> steps) {
    found = steps;
  }

  /** The outermost steps with a path in it. */
  List<StepPath> pathsInside() {
    List<StepPath> paths = new ArrayList<>(step.outermostPaths());
    List<PlanStep> before = scope.history().expanded(step);
    if (found.isEmpty() && before != null) {
      before.forEach(each -> outermost(each, paths));
    }
    found.forEach(each -> paths.addAll(each.outermost()));
    return paths;
  }

  private static void outermost(PlanStep step, List<StepPath> paths) {
    if (step.path() != null) {
      paths.add(step.path());
    } else {
      Stream.of(step.steps(), step.onFailure(), step.ensure())
          .flatMap(List::stream)
          .forEach(each -> outermost(each, paths));
    }
  }

  /** Tells that an attempt begins; of a node without a path only if somebody will ask for it. */
  void started(int number) {
    StepPath path = step.path();
    if (path != null) {
      tell(new RunEvent.StepStarted(path, number));
    } else if (step.node().modifiers().attempts() > 1
        || step.node().modifiers().timeout().isPresent()) {
      note(Note.BEGUN, Integer.toString(number));
    }
  }

  /** Remembers something of this step for a later engine. */
  void note(Note kind, String text) {
    tell(kind.event(step.key(), scope.run().mask().text(text)));
  }

  void tell(RunEvent event) {
    scope.run().reporter().event(event);
  }

  /** The outputs the step has left so far. */
  Map<String, String> left() {
    return Map.copyOf(outputs);
  }

  void left(Map<String, String> values) {
    outputs.putAll(values);
  }

  void kept(List<Artifact> files) {
    artifacts = files;
  }

  void finished(Ending ending) {
    log.flush();
    StepPath path = step.path();
    if (path != null && scope.history().finished(step) == null) {
      String reason = scope.run().mask().textOrNull(ending.reason());
      tell(new RunEvent.StepFinished(path, ending.outcome(), reason, outputs, artifacts));
    }
  }

  /** Reports that a step and everything in it will not be begun. */
  static void neverBegun(PlannedStep step, Scope scope, Ending ending) {
    step.inside().forEach(each -> neverBegun(each, scope, ending));
    StepPath path = step.path();
    if (path != null && scope.history().finished(step) == null) {
      String reason = scope.run().mask().textOrNull(ending.reason());
      scope
          .run()
          .reporter()
          .event(new RunEvent.StepFinished(path, ending.outcome(), reason, Map.of(), List.of()));
    }
  }
}
