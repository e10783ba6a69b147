package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import org.junit.jupiter.api.Test;

class StepTurnsTest {
  private static final RunId ONE = RunId.parse("shop#1");
  private static final RunId TWO = RunId.parse("shop#2");

  private final StepTurns turns = new StepTurns(2);

  @Test
  void theFirstChangeIsToldAtOnceAndThoseThatFollowTogether() {
    turns.changed(ONE);
    assertThat(turns.next()).containsExactly(ONE);
    turns.changed(ONE);
    turns.changed(ONE);
    assertThat(turns.next()).isEmpty();
    turns.changed(TWO);
    assertThat(turns.next()).containsExactly(TWO);
    turns.changed(ONE);
    assertThat(turns.next()).containsExactly(ONE);
  }

  @Test
  void theLastChangeIsAlwaysToldAndThenNothingIsLeftToDo() {
    turns.changed(ONE);
    assertThat(turns.next()).containsExactly(ONE);
    turns.changed(ONE);
    assertThat(turns.isIdle()).isFalse();
    assertThat(turns.next()).isEmpty();
    assertThat(turns.next()).isEmpty();
    assertThat(turns.next()).containsExactly(ONE);
    for (int round = 0; round < 3; round++) {
      assertThat(turns.isIdle()).isFalse();
      assertThat(turns.next()).isEmpty();
    }
    assertThat(turns.isIdle()).isTrue();
  }
}
