package dev.pipewright.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FollowTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static StepSnapshot step(String path, int from, @Nullable Integer to) {
    return new StepSnapshot(
        new StepPath(path),
        "sh",
        to == null ? Phase.RUNNING : Phase.FINISHED,
        to == null ? null : Outcome.SUCCEEDED,
        null,
        NOON.plusSeconds(from),
        to == null ? null : NOON.plusSeconds(to),
        1,
        false,
        0,
        List.of(),
        null,
        null);
  }

  @Test
  void whatHoldsStepsEndsAfterThemAndBeforeWhatBeginsThen() {
    List<StepSnapshot> steps =
        List.of(
            step("package", 0, 5),
            step("package/jar", 0, 2),
            step("package/try it", 2, 5),
            step("ship", 5, null),
            step("ship/upload", 5, null));

    assertThat(steps.stream().sorted(Follow.BY_TIME))
        .extracting(step -> step.path().value())
        .containsExactly("package/jar", "package/try it", "package", "ship", "ship/upload");
  }
}
