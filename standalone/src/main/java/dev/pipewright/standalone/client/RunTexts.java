package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.CommitApproval;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import dev.pipewright.protocol.run.Trust;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as text for terminals. */
public final class RunTexts {
  private RunTexts() {}

  /** One row of a list of runs. */
  static List<String> row(RunSnapshot run) {
    return List.of(
        run.attempt() > 1 ? run.id() + "." + run.attempt() : run.id().toString(),
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

  private static String beside(StepSnapshot step) {
    List<String> words = new ArrayList<>();
    if (step.attempt() > 1) {
      words.add("try " + step.attempt());
    }
    TestCounts tests = step.tests();
    if (tests != null) {
      int broken = tests.failed() + tests.errored();
      words.add(tests.total() + " tests" + (broken == 0 ? "" : ", " + broken + " broken"));
    }
    if (step.reason() != null) {
      words.add(firstLine(step.reason()));
    }
    return String.join("  ", words);
  }

  private static String line(PastAttempt attempt) {
    String reason = firstLine(attempt.reason());
    return "Attempt %d  %s  %s%s"
        .formatted(
            attempt.attempt(),
            attempt.outcome(),
            Texts.duration(attempt.startedAt(), attempt.finishedAt()),
            reason.isEmpty() ? "" : "  " + reason);
  }

  private static String origin(Origin origin) {
    List<String> words = new ArrayList<>();
    words.add(origin.pull() == null ? "change" : "pull request " + origin.pull());
    words.add(
        origin.trust() == Trust.INTERNAL ? "from the repository" : "from outside the repository");
    if (origin.codeRef() != null && origin.codeCommit() != null) {
      words.add(
          "with the pipeline code of %s at %s"
              .formatted(Texts.ref(origin.codeRef(), 60), origin.codeCommit().abbreviated()));
    }
    if (origin.trust() == Trust.FOREIGN) {
      CommitApproval approval = origin.approval();
      words.add(
          approval == null
              ? "not approved"
              : "approved by %s%s"
                  .formatted(
                      Texts.line(approval.by(), 60),
                      approval.note() == null ? "" : ": " + Texts.line(approval.note(), 200)));
    }
    return String.join(", ", words);
  }

  /** The whole of a run, a line a step. */
  public static List<String> lines(RunSnapshot run) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  %s  %s"
            .formatted(
                run.attempt() > 1 ? run.id() + ", attempt " + run.attempt() : run.id(),
                Texts.word(run.state(), run.outcome()),
                run.commit().abbreviated(),
                Texts.ref(run.ref(), 100)));
    if (run.origin().trust() != Trust.TRUSTED) {
      lines.add("  " + origin(run.origin()));
    }
    Texts.lines(run.reason(), 500).forEach(line -> lines.add("  " + line));
    Texts.lines(run.cause().note(), 500).forEach(line -> lines.add("  " + line));
    List<List<String>> rows = new ArrayList<>();
    for (StepSnapshot step : run.steps()) {
      rows.add(
          List.of(
              "  "
                  + "  ".repeat(step.path().names().size() - 1)
                  + Texts.line(step.path().name(), 80),
              Texts.word(step.state(), step.outcome()),
              Texts.duration(step.startedAt(), step.finishedAt()),
              beside(step)));
    }
    lines.addAll(Texts.table(rows));
    run.waits().forEach(wait -> lines.addAll(WaitTexts.lines(run, wait)));
    run.attempts().forEach(attempt -> lines.add(line(attempt)));
    return lines;
  }
}
