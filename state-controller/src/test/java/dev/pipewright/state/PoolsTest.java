package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.PoolReport;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PoolsTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Samples.NOON);
  private final Pools pools = new Pools(now::get);

  private void told(String holder, int waiting, long hits) {
    pools.told(new PoolReport(holder, waiting, hits, 2 * hits, 0, 0));
  }

  @Test
  void addsUpWhatAllSpawnersTell() {
    told("one", 2, 0);
    told("two", 1, 0);
    told("one", 3, 5);
    told("one", 3, 5);
    told("two", 1, 1);

    assertThat(pools.waiting()).isEqualTo(4);
    assertThat(pools.count(Pools.Count.HITS)).isEqualTo(6);
    assertThat(pools.count(Pools.Count.MISSES)).isEqualTo(12);
    assertThat(pools.count(Pools.Count.MADE)).isZero();
  }

  @Test
  void countsOnFromNothingWhenASpawnerWasStartedAnew() {
    told("one", 0, 7);
    told("one", 0, 10);
    told("one", 0, 2);

    assertThat(pools.count(Pools.Count.HITS)).isEqualTo(5);
  }

  @Test
  void forgetsWhatWaitsAtASpawnerThatTellsNothingAnyMore() {
    told("one", 2, 0);
    now.set(Samples.NOON.plus(Duration.ofSeconds(61)));
    told("two", 1, 0);

    assertThat(pools.waiting()).isEqualTo(1);
  }
}
