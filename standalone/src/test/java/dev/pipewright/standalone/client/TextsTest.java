package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void untrustedTextStaysOnOneLineWithoutControlCharacters() {
    assertThat(Texts.line("a\u001b[31mb\nc", 80)).isEqualTo("a [31mb c");
    assertThat(Texts.line("x".repeat(500), 10)).isEqualTo("xxxxxxxxx…");
    assertThat(Texts.line(null, 10)).isEmpty();
    assertThat(Texts.line("abc\u202edef", 10)).isEqualTo("abc def");
  }

  @Test
  void textOfManyLinesKeepsItsLinesAndEachIsHarmless() {
    assertThat(Texts.lines("a.java:1: no\n\n\u001b[2Jb.java:2: no\n", 80))
        .containsExactly("a.java:1: no", " [2Jb.java:2: no");
    assertThat(Texts.lines(null, 80)).isEmpty();
    assertThat(RunTexts.firstLine("one\ntwo")).isEqualTo("one …");
    assertThat(RunTexts.firstLine(null)).isEmpty();
  }

  @Test
  void branchesAndTagsAreCalledByTheirShortNames() {
    assertThat(Texts.ref("refs/heads/release/1", 80)).isEqualTo("release/1");
    assertThat(Texts.ref("refs/tags/v1", 80)).isEqualTo("v1");
    assertThat(Texts.ref("refs/pull/7/head", 80)).isEqualTo("refs/pull/7/head");
    assertThat(Texts.time(START.plusNanos(5_000_001))).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void durationsAreSaidAsPeopleSayThem() {
    assertThat(Texts.duration(START, START.plusMillis(850))).isEqualTo("850 ms");
    assertThat(Texts.duration(START, START.plusMillis(12_345))).isEqualTo("12.3 s");
    assertThat(Texts.duration(START, START.plusSeconds(245))).isEqualTo("4 min 05 s");
    assertThat(Texts.duration(START, null)).isEmpty();
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(Texts.table(List.of(List.of("a", "b"), List.of("long", "c"))))
        .containsExactly("a     b", "long  c");
  }
}
