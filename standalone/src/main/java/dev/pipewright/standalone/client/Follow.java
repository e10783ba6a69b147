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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Follows a run to its end by long polls and tells each change in a line. */
public final class Follow {
  private static final Duration WAIT = Duration.ofSeconds(20);

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
      for (StepSnapshot step : now.steps()) {
        tell(told, step, lines);
      }
      tell(told, now, lines);
      if (now.state() == Phase.FINISHED) {
        String reason = now.reason() == null ? "" : ": " + Texts.line(now.reason(), 500);
        lines.accept(
            run
                + " "
                + Texts.word(now.state(), now.outcome())
                + " in "
                + Texts.duration(
                    now.startedAt() == null ? now.queuedAt() : now.startedAt(), now.finishedAt())
                + reason);
        return now;
      }
    }
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
    String reason = step.reason() == null ? "" : "  " + RunTexts.firstLine(step.reason());
    lines.accept(
        "  %-10s %s %s%s"
            .formatted(
                word,
                Texts.line(step.path().value(), 120),
                Texts.duration(step.startedAt(), step.finishedAt()),
                reason));
  }
}
