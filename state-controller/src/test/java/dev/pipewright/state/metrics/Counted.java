package dev.pipewright.state.metrics;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.store.MemoryStorage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's meters after everything that is counted has happened once. */
final class Counted implements AutoCloseable {
  final Meters meters;
  private final UseCases cases;

  Counted(Path folder, @Nullable GraphiteTarget graphite) throws IOException {
    meters = new Meters(graphite);
    cases =
        new UseCases(
            StateConfig.of(folder, URI.create("http://ci.example"), "admin-token"),
            new MeteredStorage(new MemoryStorage(folder), meters),
            InstantSource.fixed(Samples.NOON.plusSeconds(3)));
    meters.watch(cases);
    cases.sources().register(Samples.source());
    meters.delivered(new DeliveryAccepted("d", Verdict.BUILD, "Pushed.", false));
    meters.answered("GET", 200, Duration.ofMillis(3));
    meters.fed("all", 200, Duration.ofNanos(70_000));
    run("shop");
  }

  void run(String pipeline) {
    RunId run = cases.runs().create(Samples.order(pipeline, pipeline)).run().id();
    LaunchOrder launch = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    tell(launch, Samples.began(1), Samples.began(2, Samples.LINT));
    cases
        .reports()
        .append(
            run, Samples.LINT, launch.fence(), 0, null, "ok\n".getBytes(StandardCharsets.UTF_8));
    tell(
        launch,
        Samples.ended(3, Samples.LINT, Outcome.SUCCEEDED),
        Samples.ended(4, Outcome.SUCCEEDED));
    cases
        .queue()
        .ended(
            run,
            new LaunchEnd(
                launch.fence(),
                LaunchEnd.Kind.EXITED,
                0,
                "done",
                null,
                null,
                new ResourceUse(1500L, 300L << 20, 40L << 20)));
  }

  private void tell(LaunchOrder launch, dev.pipewright.protocol.event.EventEnvelope... events) {
    Object unused =
        cases.reports().report(launch.run(), new EventBatch(launch.fence(), List.of(events)));
  }

  @Override
  public void close() {
    meters.close();
  }
}
