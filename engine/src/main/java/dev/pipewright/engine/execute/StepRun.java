package dev.pipewright.engine.execute;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one step, and the only one who reports it. Steps without a path are not
 * reported. Confined to the thread of the step.
 */
final class StepRun {
  private final PlannedStep step;
  private final Reporter reporter;
  private final StepLog log;
  private Map<String, String> outputs = Map.of();
  private List<Artifact> artifacts = List.of();

  StepRun(PlannedStep step, Reporter reporter) {
    this.step = step;
    this.reporter = reporter;
    StepPath path = step.path();
    this.log =
        new StepLog(
            (bytes, offset, length) -> {
              if (path != null) {
                reporter.output(path, bytes, offset, length);
              }
            });
  }

  PlannedStep step() {
    return step;
  }

  StepLog log() {
    return log;
  }

  @Nullable StepPath path() {
    return step.path();
  }

  void started(int attempt) {
    StepPath path = step.path();
    if (path != null) {
      reporter.event(new RunEvent.StepStarted(path, attempt));
    }
  }

  void left(Map<String, String> values) {
    outputs = values;
  }

  void kept(List<Artifact> files) {
    artifacts = files;
  }

  void finished(Ending ending) {
    StepPath path = step.path();
    if (path != null) {
      reporter.event(
          new RunEvent.StepFinished(path, ending.outcome(), ending.reason(), outputs, artifacts));
    }
  }

  /** Reports that a step and everything in it will not be begun. */
  static void neverBegun(PlannedStep step, Reporter reporter, Ending ending) {
    step.visit(each -> new StepRun(each, reporter).finished(ending));
  }
}
