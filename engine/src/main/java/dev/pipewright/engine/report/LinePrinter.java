package dev.pipewright.engine.report;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Wait;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Prints a local run as it goes on: a line when a step begins and when it ends, and its output line
 * by line with the step's name in front, so that parallel steps can be told apart. Calls come one
 * at a time.
 */
public final class LinePrinter implements RunListener {
  private static final int LINE_LIMIT = 16 * 1024;

  private final PrintStream out;
  private final UnaryOperator<String> clean;
  private final Map<StepPath, Instant> started = new HashMap<>();
  private final Map<StepPath, ByteArrayOutputStream> open = new HashMap<>();

  /**
   * Prints to {@code out}.
   *
   * @param clean is given each line of output, and gives what may be printed of it
   */
  public LinePrinter(PrintStream out, UnaryOperator<String> clean) {
    this.out = out;
    this.clean = clean;
  }

  @Override
  public void event(EventEnvelope envelope) {
    switch (envelope.event()) {
      case RunEvent.StepStarted step -> {
        started.put(step.path(), envelope.at());
        out.println("> " + step.path() + (step.attempt() > 1 ? "  attempt " + step.attempt() : ""));
      }
      case RunEvent.StepFinished step -> {
        flush(step.path());
        String time = duration(started.get(step.path()), envelope.at());
        out.println("< " + step.path() + "  " + step.outcome() + time + reason(step.reason()));
      }
      case RunEvent.StepWaiting step ->
          out.println(
              "? " + (step.path() == null ? step.key() : step.path()) + "  " + words(step.what()));
      case RunEvent.StepsReset step ->
          step.paths().forEach(path -> out.println("@ " + path + "  once more"));
      case RunEvent.RunStarted _, RunEvent.RunResumed _, RunEvent.RunWaiting _ -> {}
      case RunEvent.RunFinished _, RunEvent.StepExpanded _, RunEvent.Noted _ -> {}
      case RunEvent.TestsFound found ->
          out.println(
              "= %s  %d tests, %d failed"
                  .formatted(
                      found.path(),
                      found.counts().total(),
                      found.counts().failed() + found.counts().errored()));
    }
    out.flush();
  }

  private static String words(Wait what) {
    String text = what.forWhat().lines().findFirst().orElse("");
    return switch (what.kind()) {
      case APPROVAL -> "waits for approval" + (text.isBlank() ? "" : ": " + text);
      case UNKNOWN_END -> "waits to be told how it ended";
      case LOCK -> "waits for the lock " + text;
      case RUN -> "waits for the pipeline " + text;
    };
  }

  private String reason(@Nullable String reason) {
    return reason == null ? "" : "  " + clean.apply(reason.replaceAll("\\R+", " "));
  }

  private static String duration(@Nullable Instant from, Instant to) {
    if (from == null) {
      return "";
    }
    Duration time = Duration.between(from, to);
    if (time.toMillis() < 1000) {
      return "  " + Math.max(0, time.toMillis()) + " ms";
    }
    return time.toSeconds() < 60
        ? String.format(Locale.ROOT, "  %.1f s", time.toMillis() / 1000.0)
        : String.format(Locale.ROOT, "  %d min %02d s", time.toMinutes(), time.toSecondsPart());
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
    out.println(step.name() + " | " + clean.apply(line.toString(StandardCharsets.UTF_8)));
    line.reset();
  }
}
