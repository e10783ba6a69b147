package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as text for terminals. */
public final class RunTexts {
  private RunTexts() {}

  /** One row of a list of runs. */
  static List<String> row(RunSnapshot run) {
    return List.of(
        run.id().toString(),
        Texts.word(run.state(), run.outcome()),
        run.commit().abbreviated(),
        Texts.ref(run.ref(), 40),
        Texts.line(run.cause().kind().replace('_', ' '), 20),
        Texts.line(run.cause().by(), 30),
        Texts.duration(run.startedAt(), run.finishedAt()),
        Texts.time(run.queuedAt()));
  }

  /** What fits beside a step: the whole reason stands above, or in the step's output. */
  static String firstLine(@Nullable String reason) {
    List<String> lines = Texts.lines(reason, 200);
    return lines.isEmpty() ? "" : lines.getFirst() + (lines.size() > 1 ? " …" : "");
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
                Texts.ref(run.ref(), 100)));
    Texts.lines(run.reason(), 500).forEach(line -> lines.add("  " + line));
    List<List<String>> rows = new ArrayList<>();
    for (StepSnapshot step : run.steps()) {
      rows.add(
          List.of(
              "  "
                  + "  ".repeat(step.path().names().size() - 1)
                  + Texts.line(step.path().name(), 80),
              Texts.word(step.state(), step.outcome()),
              Texts.duration(step.startedAt(), step.finishedAt()),
              firstLine(step.reason())));
    }
    lines.addAll(Texts.table(rows));
    return lines;
  }
}
