package dev.pipewright.standalone.live;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.standalone.client.WaitTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of a run as they stand now, in the order of the plan. Confined. */
final class RunTree {
  private final Map<StepPath, Row> rows = new LinkedHashMap<>();

  RunTree(Plan plan) {
    add(plan.steps(), "", rows);
  }

  private static void add(List<PlanStep> steps, String mark, Map<StepPath, Row> target) {
    for (PlanStep step : steps) {
      StepPath path = step.path();
      if (path != null) {
        target.put(path, new Row(path, path.names().size() - 1, mark));
      }
      add(step.steps(), "", target);
      add(step.onFailure(), "on failure: ", target);
      add(step.ensure(), "ensure: ", target);
    }
  }

  List<Row> rows() {
    return List.copyOf(rows.values());
  }

  void event(EventEnvelope envelope) {
    switch (envelope.event()) {
      case RunEvent.RunStarted _ -> rows.values().forEach(Row::reset);
      case RunEvent.StepStarted started -> started(started, envelope);
      case RunEvent.StepFinished end -> finished(end, envelope);
      case RunEvent.StepWaiting waiting -> {
        Row row = waiting.path() == null ? null : rows.get(waiting.path());
        if (row != null) {
          row.phase = Phase.WAITING;
          row.waiting = WaitTexts.forWhat(waiting.what());
        }
      }
      case RunEvent.StepsReset reset -> reset.paths().forEach(this::reset);
      case RunEvent.StepExpanded expanded -> expand(expanded);
      case RunEvent.Noted _, RunEvent.TestsFound _ -> {}
      case RunEvent.RunResumed _, RunEvent.RunWaiting _, RunEvent.RunFinished _ -> {}
    }
  }

  private void started(RunEvent.StepStarted event, EventEnvelope envelope) {
    Row row = rows.get(event.path());
    if (row != null) {
      row.phase = Phase.RUNNING;
      row.waiting = "";
      row.attempt = event.attempt();
      if (row.started == null) {
        row.started = envelope.at();
      }
    }
  }

  private void finished(RunEvent.StepFinished event, EventEnvelope envelope) {
    Row row = rows.get(event.path());
    if (row != null) {
      row.phase = Phase.FINISHED;
      row.outcome = event.outcome();
      row.reason = event.reason();
      row.waiting = "";
      row.finished = envelope.at();
    }
  }

  private void reset(StepPath path) {
    rows.values().stream()
        .filter(row -> row.path.equals(path) || row.path.value().startsWith(path.value() + "/"))
        .forEach(Row::reset);
  }

  private void expand(RunEvent.StepExpanded event) {
    Map<StepPath, Row> all = new LinkedHashMap<>();
    List<Row> before = new ArrayList<>(rows.values());
    for (Row row : before) {
      all.put(row.path, row);
      if (row.path.equals(event.path())) {
        Map<StepPath, Row> fresh = new LinkedHashMap<>();
        add(event.steps(), "", fresh);
        fresh.forEach(all::putIfAbsent);
      }
    }
    rows.clear();
    rows.putAll(all);
  }

  void output(StepPath step, byte[] bytes) {
    Row row = rows.get(step);
    if (row != null) {
      row.output(bytes);
    }
  }
}
