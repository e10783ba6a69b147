package dev.pipewright.standalone.client;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.json.Json;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints output of steps: made safe for a terminal, byte for byte into a file or a program, or as
 * JSON lines. A heading tells where the output of another step begins. Confined to one thread.
 */
final class LogPrinter {
  /** In which form output is printed. */
  enum Form {
    SAFE,
    RAW,
    JSON
  }

  private final Form form;
  private final PrintWriter out;
  private final PrintStream raw;
  private final Map<StepPath, SafeText> texts = new HashMap<>();
  private @Nullable StepPath last;

  LogPrinter(Form form, PrintWriter out, PrintStream raw) {
    this.form = form;
    this.out = out;
    this.raw = raw;
  }

  /** A printer for standard output. */
  static LogPrinter of(PrintWriter out, boolean json, boolean terminal) {
    return new LogPrinter(json ? Form.JSON : terminal ? Form.SAFE : Form.RAW, out, System.out);
  }

  /** A line between outputs. */
  void heading(String text) {
    if (form != Form.JSON) {
      out.println("=== " + text);
      out.flush();
    }
    last = null;
  }

  /** Prints the next piece of a step's output; {@code alone} if no other step is printed. */
  void print(StepPath step, boolean alone, byte[] bytes) {
    if (!alone && !step.equals(last)) {
      heading(Texts.line(step.value(), 200));
    }
    last = step;
    switch (form) {
      case JSON ->
          out.println(
              Json.text(
                  Map.of("step", step.value(), "text", new String(bytes, StandardCharsets.UTF_8))));
      case RAW -> {
        out.flush();
        raw.write(bytes, 0, bytes.length);
        raw.flush();
      }
      case SAFE -> {
        SafeText text = Objects.requireNonNull(texts.computeIfAbsent(step, _ -> new SafeText()));
        out.print(text.next(bytes) + text.end());
      }
    }
    out.flush();
  }
}
