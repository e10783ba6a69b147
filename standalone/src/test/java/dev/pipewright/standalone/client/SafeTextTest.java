package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {
  private static final String ESC = "\u001b";

  private static String all(String text) {
    SafeText safe = new SafeText();
    return safe.next(text.getBytes(StandardCharsets.UTF_8)) + safe.end();
  }

  @Test
  void coloursStayAndEndWithTheText() {
    assertThat(all(ESC + "[1;31mred" + ESC + "[0m"))
        .isEqualTo(ESC + "[1;31mred" + ESC + "[0m" + ESC + "[0m");
    assertThat(all("plain")).isEqualTo("plain");
  }

  @ParameterizedTest
  @CsvSource({"[2J", "[10;10H", "]0;title", "c", "[?25l", "[6n", "P1$r", "[31", "(0"})
  void everyOtherEscapeSequenceIsShownInsteadOfObeyed(String sequence) {
    assertThat(all("a" + ESC + sequence + "b")).isEqualTo("a\u241b" + sequence + "b");
  }

  @Test
  void aSequenceWithinASequenceIsNotObeyedEither() {
    assertThat(all(ESC + "[3" + ESC + "[2Jx")).isEqualTo("\u241b[3\u241b[2Jx");
    assertThat(all(ESC + ESC + "[31mx")).isEqualTo("\u241b" + ESC + "[31mx" + ESC + "[0m");
  }

  @Test
  void aColourOfEndlessNumbersIsNoColour() {
    assertThat(all(ESC + "[" + "1;".repeat(1000) + "m")).doesNotContain(ESC);
  }

  @Test
  void controlCharactersAndTurnedTextAreGone() {
    assertThat(all("a\u0007\b\u009b2Jb\u202ec\td\n")).isEqualTo("a2Jbc\td\n");
  }

  @Test
  void aCarriageReturnCannotHideWhatStandsBeforeIt() {
    assertThat(all("evil\rgood\r\nnext\n")).isEqualTo("evil\ngood\nnext\n");
  }

  @Test
  void piecesMayBeCutAnywhere() {
    byte[] bytes = ("ä€😀" + ESC + "[31mé\r\n" + ESC + "[2J").getBytes(StandardCharsets.UTF_8);
    SafeText safe = new SafeText();
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      text.append(safe.next(new byte[] {each}));
    }
    text.append(safe.end());
    assertThat(text.toString()).isEqualTo("ä€😀" + ESC + "[31mé\n\u241b[2J" + ESC + "[0m");
  }

  @Test
  void bytesThatAreNoTextAreShownAsSuch() {
    SafeText safe = new SafeText();
    assertThat(safe.next(new byte[] {(byte) 0xff, 'a', (byte) 0xe2}) + safe.end())
        .isEqualTo("\ufffda\ufffd");
  }
}
