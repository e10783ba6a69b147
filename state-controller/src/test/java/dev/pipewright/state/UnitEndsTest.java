package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.RunAttempt.Progress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnitEndsTest {
  private static @Nullable Outcome outcome(LaunchEnd.Kind kind, LaunchEnd.@Nullable Limit limit) {
    UnitEnds.Last last =
        UnitEnds.last(new LaunchEnd(1, kind, null, "Because.", null, limit, null), Progress.NONE);
    return last == null ? null : last.outcome();
  }

  @ParameterizedTest
  @EnumSource(LaunchEnd.Limit.class)
  void onlyTheLimitOfTimeMeansTimedOut(LaunchEnd.Limit limit) {
    assertThat(outcome(LaunchEnd.Kind.LIMIT, limit))
        .isEqualTo(limit == LaunchEnd.Limit.TIME ? Outcome.TIMED_OUT : Outcome.ERRORED);
  }

  @Test
  void aLimitWithoutANameIsThatOfTime() {
    assertThat(outcome(LaunchEnd.Kind.LIMIT, null)).isEqualTo(Outcome.TIMED_OUT);
  }

  @Test
  void nothingButAFinishedEngineIsEverASuccess() {
    for (LaunchEnd.Kind kind : LaunchEnd.Kind.values()) {
      assertThat(outcome(kind, null)).as(kind.name()).isNotEqualTo(Outcome.SUCCEEDED);
    }
    assertThat(outcome(LaunchEnd.Kind.LOST, null)).isNull();
    assertThat(outcome(LaunchEnd.Kind.OOM, null)).isEqualTo(Outcome.ERRORED);
  }
}
