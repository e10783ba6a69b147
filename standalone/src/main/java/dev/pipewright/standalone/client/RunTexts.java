package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Runs as text for terminals. */
public final class RunTexts {
  private RunTexts() {}

  /** One row of a list of runs. */
  static List<String> row(RunSnapshot run) {
    return List.of(
        run.id().toString(),
        Texts.word(run.state(), run.outcome()),
        run.commit().abbreviated(),
        Texts.line(run.ref(), 40),
        Texts.line(run.cause().kind(), 20),
        Texts.line(run.cause().by(), 30),
        Texts.duration(run.startedAt(), run.finishedAt()),
        run.queuedAt().toString());
  }

  /** The whole of a run, a line a step. */
  public static List<String> lines(RunSnapshot run) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  %s  %s"
            .formatted(
                run.id(),
                Texts.word(run.state(), run.outcome()),
                run.commit().abbreviated(),
                Texts.line(run.ref(), 100)));
    if (run.reason() != null) {
      lines.add("  " + Texts.line(run.reason(), 500));
    }
    List<List<String>> rows = new ArrayList<>();
    for (StepSnapshot step : run.steps()) {
      rows.add(
          List.of(
              "  "
                  + "  ".repeat(step.path().names().size() - 1)
                  + Texts.line(step.path().name(), 80),
              Texts.word(step.state(), step.outcome()),
              Texts.duration(step.startedAt(), step.finishedAt()),
              Texts.line(step.reason(), 200)));
    }
    lines.addAll(Texts.table(rows));
    return lines;
  }
}
