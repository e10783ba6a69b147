package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.state.store.LogKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of each second in which a step prints, the first byte is noted. */
class LogTimesTest {
  private Bench bench;
  private LaunchOrder launch;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    launch = bench.running();
    bench.report(launch, Samples.began(2, Samples.LINT));
  }

  private void append(long offset, @Nullable Instant at, int length) {
    bench
        .cases
        .reports()
        .append(launch.run(), Samples.LINT, launch.fence(), offset, at, new byte[length]);
  }

  private List<LogTime> times() {
    return bench.storage.logs().times(new LogKey(launch.run(), Samples.LINT), 0, 100);
  }

  @Test
  void oneTimeIsKeptOfEachSecondAlsoOfOutputThatComesAgain() throws Exception {
    Instant begun = Samples.NOON.plusMillis(200);
    Instant later = Samples.NOON.plusMillis(1_900);
    append(0, begun, 10);
    append(10, begun.plusMillis(700), 10);
    append(20, later, 10);
    append(20, later, 10);
    append(30, null, 10);
    append(40, later.plusSeconds(60), 0);
    LogTime first = new LogTime(0, begun);
    LogTime second = new LogTime(20, later);
    assertThat(times()).containsExactly(first, second);
    bench.restart();
    append(20, later, 10);
    append(40, later.plusSeconds(60), 10);
    assertThat(times()).containsExactly(first, second, new LogTime(40, later.plusSeconds(60)));
  }

  @Test
  void outputThatIsNotTakenLeavesNoTime() {
    assertThatThrownBy(() -> append(5, Samples.NOON, 10)).isInstanceOf(ApiException.class);
    assertThat(times()).isEmpty();
  }
}
