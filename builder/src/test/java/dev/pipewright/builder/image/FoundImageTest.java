package dev.pipewright.builder.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FoundImageTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final Instant SINCE = NOW.minus(Duration.ofDays(1));

  private static FoundImage image(String id, String name, Duration age) {
    return new FoundImage("sha256:" + id, List.of(name), NOW.minus(age), 10);
  }

  @Test
  void oldImageThatNobodyNamesMayGo() {
    FoundImage old = image("a", "pipewright/runtime:a", Duration.ofDays(2));
    assertThat(FoundImage.unneeded(List.of(old), Set.of(), SINCE)).containsExactly(old);
  }

  @Test
  void whatIsNamedByIdOrByNameStays() {
    FoundImage byId = image("a", "pipewright/runtime:a", Duration.ofDays(2));
    FoundImage byName = image("b", "host/runtime@sha256:c", Duration.ofDays(2));
    assertThat(
            FoundImage.unneeded(
                List.of(byId, byName), Set.of("sha256:a", "host/runtime@sha256:c"), SINCE))
        .isEmpty();
  }

  @Test
  void whatSomebodyHasAskedForLatelyStays() {
    assertThat(
            FoundImage.unneeded(
                List.of(image("a", "pipewright/runtime:a", Duration.ofHours(23))),
                Set.of("sha256:other"),
                SINCE))
        .isEmpty();
  }
}
