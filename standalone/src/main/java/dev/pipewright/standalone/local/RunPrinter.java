package dev.pipewright.standalone.local;

import dev.pipewright.engine.report.RunListener;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.standalone.client.Texts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Prints a local run as it goes on: a line when a step begins and when it ends, and its output line
 * by line with the step's path in front, so that parallel steps can be told apart. Calls come one
 * at a time.
 */
final class RunPrinter implements RunListener {
  private static final int LINE_LIMIT = 16 * 1024;

  private final PrintStream out;
  private final Map<StepPath, Instant> started = new HashMap<>();
  private final Map<StepPath, ByteArrayOutputStream> open = new HashMap<>();

  RunPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void event(EventEnvelope envelope) {
    switch (envelope.event()) {
      case RunEvent.RunStarted _ -> {}
      case RunEvent.StepStarted step -> {
        started.put(step.path(), envelope.at());
        out.println("> " + step.path() + (step.attempt() > 1 ? "  attempt " + step.attempt() : ""));
      }
      case RunEvent.StepFinished step -> {
        flush(step.path());
        String reason = step.reason() == null ? "" : "  " + Texts.line(step.reason(), 2000);
        String time = Texts.duration(started.get(step.path()), envelope.at());
        out.println("< " + step.path() + "  " + step.outcome() + "  " + time + reason);
      }
      case RunEvent.StepWaiting step ->
          out.println(
              "? "
                  + (step.path() == null ? step.key() : step.path())
                  + "  waits for "
                  + step.what().forWhat());
      case RunEvent.RunResumed _, RunEvent.RunWaiting _, RunEvent.RunFinished _ -> {}
      case RunEvent.StepsReset _, RunEvent.StepExpanded _, RunEvent.Noted _ -> {}
      case RunEvent.TestsFound _ -> {}
    }
    out.flush();
  }

  @Override
  public void output(StepPath step, byte[] bytes) {
    ByteArrayOutputStream line = open.computeIfAbsent(step, _ -> new ByteArrayOutputStream());
    for (byte next : bytes) {
      if (next == '\n' || line.size() >= LINE_LIMIT) {
        print(step, line);
      }
      if (next != '\n') {
        line.write(next);
      }
    }
    out.flush();
  }

  private void flush(StepPath step) {
    ByteArrayOutputStream line = open.remove(step);
    if (line != null && line.size() > 0) {
      print(step, line);
    }
  }

  private void print(StepPath step, ByteArrayOutputStream line) {
    out.println(step.name() + " | " + line.toString(StandardCharsets.UTF_8));
    line.reset();
  }
}
