package dev.pipewright.standalone.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.standalone.live.Line.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int columns = 20;

  private final Screen screen =
      new Screen(
          new PrintStream(bytes, true, StandardCharsets.UTF_8),
          () -> new Screen.Size(columns, 10),
          false);
  private final SmallTerminal terminal = new SmallTerminal(20);

  private static List<Line> lines(String... texts) {
    return Arrays.stream(texts).map(text -> Line.of(text, Style.GOOD)).toList();
  }

  private void show() {
    terminal.write(bytes.toString(StandardCharsets.UTF_8));
    bytes.reset();
  }

  @Test
  void eachFrameStandsWhereTheLastOneStood() {
    terminal.write("before\r\n");
    screen.draw(lines("one", "two", "three"));
    show();
    screen.draw(lines("uno", "dos"));
    show();
    assertThat(terminal.lines()).containsExactly("before", "uno", "dos");
    screen.draw(lines("a", "b", "c", "d"));
    show();
    assertThat(terminal.lines()).containsExactly("before", "a", "b", "c", "d");
  }

  @Test
  void whatIsLeftStaysAndTheNextFrameGoesBelow() {
    screen.draw(lines("running"));
    screen.leave(lines("done"));
    screen.draw(lines("next"));
    screen.draw(lines("last"));
    show();
    assertThat(terminal.lines()).containsExactly("done", "last");
  }

  @Test
  void longLinesAreCutSoThatNoneWraps() {
    screen.draw(lines("x".repeat(50), "日本語日本語日本語日本語"));
    show();
    assertThat(terminal.lines().get(0)).isEqualTo("x".repeat(18) + "…");
    assertThat(terminal.lines().get(1)).isEqualTo("日本語日本語日本語…");
  }

  @Test
  void aNarrowerTerminalWrapsTheLastFrameAndItIsStillReplaced() {
    screen.draw(lines("0123456789abcdefghi", "short"));
    show();
    columns = 10;
    terminal.resize(10);
    assertThat(terminal.lines()).containsExactly("0123456789", "abcdefghi", "short");
    screen.draw(lines("new"));
    show();
    assertThat(terminal.lines()).containsExactly("new");
  }

  @Test
  void coloursAreOnlyUsedWhereTheyAreWanted() {
    Line line = Line.of("ab", Style.BAD).and("cd", Style.PLAIN);
    assertThat(line.shown(3, false)).isEqualTo("abc".substring(0, 2) + "…");
    assertThat(line.shown(9, true)).isEqualTo("\u001b[31mab\u001b[0mcd");
  }
}
