package dev.pipewright.spawner.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.ResourceUse;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FootprintTest {
  private final Footprint footprint = new Footprint();

  @Test
  void theLastTimeAndTheLargestSizesCount() {
    footprint.cpuMillis(OptionalLong.of(100));
    footprint.memory(OptionalLong.of(900));
    footprint.disk(OptionalLong.of(50));
    footprint.cpuMillis(OptionalLong.of(250));
    footprint.memory(OptionalLong.of(300));
    footprint.disk(OptionalLong.empty());

    assertThat(footprint.use()).isEqualTo(new ResourceUse(250L, 900L, 50L));
  }

  @Test
  void whatRanBesideAUnitCountsWithIt() {
    footprint.cpuMillis(OptionalLong.of(100));
    footprint.add(new ResourceUse(40L, 700L, null));
    footprint.add(new ResourceUse(2L, 800L, 9L));
    footprint.add(null);

    assertThat(footprint.use()).isEqualTo(new ResourceUse(142L, 800L, 9L));
  }

  @Test
  void nothingIsKnownOfWhatWasNotSeen() {
    assertThat(footprint.use()).isNull();
  }

  @Test
  void aYoungUnitIsLookedAtOften() {
    long begun = System.nanoTime();
    long toNext = new Footprint().nanosToNext();
    long age = System.nanoTime() - begun;

    assertThat(toNext)
        .isPositive()
        .isLessThanOrEqualTo(Math.max(TimeUnit.MILLISECONDS.toNanos(25), age / 10));
  }
}
