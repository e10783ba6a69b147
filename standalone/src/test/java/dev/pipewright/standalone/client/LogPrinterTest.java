package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.StepPath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogPrinterTest {
  private static final StepPath LINT = new StepPath("verify/lint");
  private final StringWriter out = new StringWriter();
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

  private LogPrinter printer(LogPrinter.Form form) {
    return new LogPrinter(form, new PrintWriter(out), new PrintStream(raw));
  }

  @Test
  void intoAFileOrAProgramGoesEveryByte() {
    byte[] bytes = {27, '[', '2', 'J', (byte) 0xff, '\r', '\n'};
    printer(LogPrinter.Form.RAW).print(LINT, true, bytes);
    assertThat(raw.toByteArray()).isEqualTo(bytes);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void onATerminalOnlyColoursAreObeyed() {
    printer(LogPrinter.Form.SAFE)
        .print(LINT, true, "\u001b[2J\u001b[32mok\n".getBytes(StandardCharsets.UTF_8));
    assertThat(out.toString()).isEqualTo("\u241b[2J\u001b[32mok\n\u001b[0m");
  }

  @Test
  void aHeadingTellsWhenAnotherStepGoesOn() {
    LogPrinter printer = printer(LogPrinter.Form.SAFE);
    printer.print(LINT, false, "a\n".getBytes(StandardCharsets.UTF_8));
    printer.print(LINT, false, "b\n".getBytes(StandardCharsets.UTF_8));
    printer.print(new StepPath("x"), false, "c\n".getBytes(StandardCharsets.UTF_8));
    assertThat(out.toString().lines()).containsExactly("=== verify/lint", "a", "b", "=== x", "c");
  }

  @Test
  void jsonIsOneObjectALine() {
    printer(LogPrinter.Form.JSON).print(LINT, true, "a\n".getBytes(StandardCharsets.UTF_8));
    assertThat(out.toString()).contains("\"step\":\"verify/lint\"").contains("\"text\":\"a\\n\"");
  }
}
