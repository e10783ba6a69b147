package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop#42",
        "shop :: pipeline code#7",
        "\u65e5\u672c\u8a9e#1",
        "---#1",
        "A pipeline with a name that is much longer than a container's may be#9223372036854775807",
        "x$(touch pwned)&;|`id`#3"
      })
  void makesANameEveryLauncherCanUse(String run) {
    assertThat(UnitId.of("default", RunId.parse(run), Long.MAX_VALUE).value())
        .matches("pw-[a-z0-9][a-z0-9-]*[a-z0-9]")
        .hasSizeLessThanOrEqualTo(63);
    assertThat(UnitId.workspace("default", RunId.parse(run), 1).value())
        .startsWith("pw-ws-")
        .hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void tellsRunsApartThatLookAlike() {
    assertThat(UnitId.of("i", RunId.parse("a b#1"), 1))
        .isNotEqualTo(UnitId.of("i", RunId.parse("a-b#1"), 1))
        .isEqualTo(UnitId.of("i", RunId.parse("a b#1"), 1));
  }

  @Test
  void tellsLaunchesAndServersApartButSharesTheWorkspaceOfAnAttempt() {
    RunId run = RunId.parse("shop#1");

    assertThat(UnitId.of("i", run, 1)).isNotEqualTo(UnitId.of("i", run, 2));
    assertThat(UnitId.of("i", run, 1)).isNotEqualTo(UnitId.of("j", run, 1));
    assertThat(UnitId.workspace("i", run, 1)).isNotEqualTo(UnitId.workspace("i", run, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "A", "a_b", "-a", "a-"})
  void refusesWhatCouldBeAPath(String text) {
    assertThatThrownBy(() -> new UnitId(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
