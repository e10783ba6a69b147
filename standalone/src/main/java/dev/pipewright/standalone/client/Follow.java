package dev.pipewright.standalone.client;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a run to its end by long polls and tells each change in a line. */
public final class Follow {
  private static final Duration WAIT = Duration.ofSeconds(20);

  /** The order in which what became known together is told. */
  static final Comparator<StepSnapshot> BY_TIME =
      Comparator.comparing(Follow::changed, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Follow::rank);

  private Follow() {}

  /** As the other one, but ends with an error when the connection breaks. */
  public static RunSnapshot untilFinished(HttpTransport http, RunId run, Consumer<String> lines) {
    return untilFinished(new SteadyConnection(http, Duration.ZERO, lines), run, lines);
  }

  /** Tells every change of the run to {@code lines} and returns it once it is finished. */
  static RunSnapshot untilFinished(SteadyConnection http, RunId run, Consumer<String> lines) {
    Map<String, String> told = new HashMap<>();
    long version = -1;
    while (true) {
      String path = Routes.run(run, "") + "?after=" + version + "&wait=" + WAIT.toMillis();
      RunSnapshot now = Json.read(http.get(path, WAIT), RunSnapshot.class);
      version = now.version();
      now.steps().stream().sorted(BY_TIME).forEach(step -> tell(told, step, lines));
      tell(told, now, lines);
      if (now.state() == Phase.FINISHED) {
        lines.accept(end(now));
        return now;
      }
    }
  }

  /** How a finished run ended, in a line. */
  static String end(RunSnapshot run) {
    String reason = run.reason() == null ? "" : ": " + Texts.line(run.reason(), 500);
    return run.id()
        + " "
        + Texts.word(run.state(), run.outcome())
        + " in "
        + Texts.duration(
            run.startedAt() == null ? run.queuedAt() : run.startedAt(), run.finishedAt())
        + reason;
  }

  /** True if the run is over and went well. */
  static boolean succeeded(RunSnapshot run) {
    return run.state() == Phase.FINISHED && run.outcome() == Outcome.SUCCEEDED;
  }

  private static void tell(Map<String, String> told, RunSnapshot run, Consumer<String> lines) {
    for (OpenWait wait : run.waits()) {
      if (told.put("wait " + wait.key(), wait.since().toString()) == null) {
        WaitTexts.lines(run, wait).forEach(lines);
      }
    }
  }

  private static void tell(Map<String, String> told, StepSnapshot step, Consumer<String> lines) {
    String word = Texts.word(step.state(), step.outcome());
    if (step.state() == Phase.PENDING || word.equals(told.put(step.path().value(), word))) {
      return;
    }
    lines.accept(line(step));
  }

  /** How a step stands, in a line. */
  static String line(StepSnapshot step) {
    String reason = step.reason() == null ? "" : "  " + RunTexts.firstLine(step.reason());
    return "  %-10s %s %s%s"
        .formatted(
            Texts.word(step.state(), step.outcome()),
            Texts.line(step.path().value(), 120),
            Texts.duration(step.startedAt(), step.finishedAt()),
            reason);
  }

  private static @Nullable Instant changed(StepSnapshot step) {
    return step.finishedAt() == null ? step.startedAt() : step.finishedAt();
  }

  /** What ends comes before what begins then, and a step that holds others ends after them. */
  private static int rank(StepSnapshot step) {
    int depth = step.path().names().size();
    return step.state() == Phase.FINISHED ? -depth : depth;
  }
}
