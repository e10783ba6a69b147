package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.LogTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineTimesTest {
  private final LineTimes times = new LineTimes();

  private String timed(String piece) {
    return new String(times.timed(piece.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @Test
  void everyLineHasTheSecondInWhichItBeganHoweverThePiecesAreCut() {
    LogTime first = new LogTime(0, Instant.parse("2026-03-01T10:00:00.250Z"));
    LogTime second = new LogTime(6, Instant.parse("2026-03-01T10:00:09.900Z"));
    times.add(List.of(first));
    assertThat(timed("one\nt")).isEqualTo("2026-03-01T10:00:00Z one\n2026-03-01T10:00:00Z t");
    times.add(List.of(first, second));
    assertThat(timed("wo\nthree\n")).isEqualTo("wo\n2026-03-01T10:00:09Z three\n");
    assertThat(times.offset()).isEqualTo(14);
    assertThat(times.lastKnown()).isEqualTo(6);
  }

  @Test
  void aLineWithoutAKnownTimeHasADash() {
    assertThat(timed("one\n\n")).isEqualTo("- one\n- \n");
  }
}
