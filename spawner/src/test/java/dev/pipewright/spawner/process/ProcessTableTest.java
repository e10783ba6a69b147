package dev.pipewright.spawner.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTableTest {
  private static final String REST = " 1 20 30 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";

  @Test
  void readsTheFieldsBehindANameWithBracketsAndBlanks() {
    assertThat(ProcessTable.parse("12 (a) b (c) S" + REST))
        .contains(new ProcessTable.Entry(12, 30, 4711));
  }

  @Test
  void countsTheDeadThatWereNotFetchedAsGone() {
    assertThat(ProcessTable.parse("12 (sh) Z" + REST)).isEmpty();
  }

  @Test
  void readsNothingOutOfAHalfWrittenLine() {
    assertThat(ProcessTable.parse("12 (sh) S 1 20")).isEmpty();
    assertThat(ProcessTable.parse("")).isEmpty();
  }
}
