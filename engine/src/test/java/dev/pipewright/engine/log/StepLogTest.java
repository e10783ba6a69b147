package dev.pipewright.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The output of a step is kept once, in order and without secrets, whatever it looks like. */
final class StepLogTest {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final Mask mask = new Mask();
  private final StepLog log = new StepLog(kept::write, mask, 0);

  private void add(String value) {
    mask.add(Map.of("SECRET", value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(ByteSink sink, String text) {
    sink.write(utf8(text), 0, utf8(text).length);
  }

  private String kept() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  @Test
  void two_streams_find_a_secret_each_has_cut() {
    add("hunter2");
    try (StepLog.Channel out = log.channel();
        StepLog.Channel err = log.channel()) {
      write(out, "one hun");
      write(err, "warning\n");
      write(out, "ter2 two\n");
    }

    assertThat(kept()).isEqualTo("one warning\n*** two\n");
  }

  @Test
  void a_closed_stream_holds_nothing_back() {
    add("hunter2");
    StepLog.Channel out = log.channel();
    write(out, "hunt");
    out.close();
    write(out, "er hunter2 hun");

    assertThat(kept()).isEqualTo("hunter *** hun");
  }

  @Test
  void a_line_stands_alone_after_output_without_an_end() {
    add("hunter2");
    write(log, "half hunt");
    log.line("[attempt 1 of 2: hunter2]");
    write(log, "more");

    assertThat(kept()).isEqualTo("half hunt\n[attempt 1 of 2: ***]\nmore");
  }

  @Test
  void ten_megabytes_without_an_end_of_line_and_invalid_text_are_kept_as_they_are() {
    add("hunter2");
    byte[] noise = new byte[10 * 1024 * 1024];
    new Random(5).nextBytes(noise);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = noise[i] == '\n' ? (byte) 0xff : noise[i];
    }
    for (int at = 0; at < noise.length; at += 65_536) {
      log.write(noise, at, Math.min(65_536, noise.length - at));
    }
    log.flush();

    assertThat(kept.toByteArray()).isEqualTo(noise);
  }

  @Test
  void carriage_returns_are_kept() {
    add("hunter2");
    write(log, "10%\r50%\rhunter2\r100%\r\n");

    assertThat(kept()).isEqualTo("10%\r50%\r***\r100%\r\n");
  }

  @Test
  void too_much_is_cut_once_counting_what_is_kept_from_before() {
    StepLog later = new StepLog(kept::write, mask, StepLog.LIMIT - 10);
    write(later, "0123456789abc");
    write(later, "more");
    later.line("a line");

    assertThat(kept()).isEqualTo("0123456789\n[output cut at 64 MiB]\n");
  }
}
