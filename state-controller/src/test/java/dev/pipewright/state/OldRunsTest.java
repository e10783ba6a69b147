package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.CrashingStorage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are over for long are read and nothing else. */
class OldRunsTest {
  private static final int RUNS = 40;
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    bench = new Bench(folder);
    for (int i = 1; i <= RUNS; i++) {
      NewRun order = Samples.order("shop", "key " + i, "refs/heads/branch-" + i);
      bench.cases.runs().cancel(bench.cases.runs().create(order).run().id(), "ann", null);
    }
    bench.pass(Duration.ofHours(1));
  }

  @Test
  void lookingAtThemWritesNothingNotEvenLater() throws Exception {
    CrashingStorage deadly = new CrashingStorage(bench.storage, 1, false);
    bench.restart(deadly);
    for (int i = 1; i <= RUNS; i++) {
      RunSnapshot unused = bench.cases.runs().snapshot(new RunId(new PipelineName("shop"), i));
    }
    bench.cases.queue().sweep();
    bench.pass(Duration.ofHours(1));
    bench.cases.queue().sweep();
    assertThat(deadly.isDead()).isFalse();
  }
}
