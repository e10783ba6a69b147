package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Samples;
import dev.pipewright.state.UseCases;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thousand runs that wait cost memory, but no threads, and little time. */
class ManyWaitingIT {
  private static final Logger log = LoggerFactory.getLogger(ManyWaitingIT.class);
  private static final int RUNS = 1_000;

  @Test
  void aThousandRunsWaitAndEndTheirWaitTogether(@TempDir Path folder) throws Exception {
    try (MongoStorage storage = MongoStorage.embedded(folder)) {
      AtomicReference<Instant> time = new AtomicReference<>(Instant.now());
      UseCases cases = Lives.open(folder, storage, () -> Objects.requireNonNull(time.get()));
      cases.sources().register(Samples.source());
      park(cases, "warm", null);
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();
      long memory = used();
      Instant until = Instant.now().plus(Duration.ofHours(1));
      for (int i = 0; i < RUNS; i++) {
        park(cases, "key " + i, until);
      }
      long bytes = (used() - memory) / RUNS;
      int more = ManagementFactory.getThreadMXBean().getThreadCount() - threads;
      assertThat(cases.waiting()).isEqualTo(RUNS + 1);
      long sweep = quickest(cases::sweep);
      long look = quickest(() -> cases.answers().expire());
      time.set(until.plusSeconds(1));
      long expiry = nanos(() -> cases.answers().expire());
      log.warn(
          "{} runs wait: {} bytes each, {} more threads, sweep {} us, look {} us, end of all waits {} ms",
          RUNS,
          bytes,
          more,
          sweep / 1000,
          look / 1000,
          expiry / 1_000_000);
      assertThat(bytes).isLessThan(100_000);
      assertThat(more).isLessThan(RUNS / 10);
      assertThat(Duration.ofNanos(sweep)).isLessThan(Duration.ofSeconds(2));
      assertThat(Duration.ofNanos(look)).isLessThan(Duration.ofMillis(200));
      assertThat(cases.waiting()).isEqualTo(1);
      assertThat(cases.queue().length()).isEqualTo(RUNS);
    }
  }

  private static long nanos(Runnable work) {
    long from = System.nanoTime();
    work.run();
    return System.nanoTime() - from;
  }

  /** Of a few times, as what else the machine does makes it longer, never shorter. */
  private static long quickest(Runnable work) {
    return LongStream.range(0, 5).map(any -> nanos(work)).min().orElseThrow();
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void park(UseCases cases, String key, @Nullable Instant until) {
    cases.runs().create(Samples.order("shop", key));
    LaunchOrder order = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    Wait ask = new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), until);
    List<RunEvent> events =
        List.of(
            new RunEvent.RunStarted("1"),
            new RunEvent.StepWaiting("deploy", Samples.DEPLOY, ask),
            new RunEvent.RunWaiting("Ship it?"));
    cases
        .reports()
        .report(
            order.run(),
            new EventBatch(
                order.fence(),
                List.of(
                    new EventEnvelope(1, Instant.now(), events.get(0)),
                    new EventEnvelope(2, Instant.now(), events.get(1)),
                    new EventEnvelope(3, Instant.now(), events.get(2)))));
    cases
        .queue()
        .ended(order.run(), new LaunchEnd(order.fence(), LaunchEnd.Kind.EXITED, 5, "It waits."));
  }
}
