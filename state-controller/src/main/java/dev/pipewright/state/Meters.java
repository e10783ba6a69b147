package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.run.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The numbers for monitoring, as Prometheus reads them. Thread-safe. */
public final class Meters implements RunListener, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Timer queued = registry.timer("pipewright.run.queued");
  private final Timer lasted = registry.timer("pipewright.run.duration");
  private final Counter batches = registry.counter("pipewright.event.batches");
  private final Counter logBytes = registry.counter("pipewright.log.bytes");
  private final Counter lost = registry.counter("pipewright.runs.lost");

  /** Counts what happens in {@code useCases} from now on. */
  public Meters(UseCases useCases) {
    Gauge.builder("pipewright.queue.length", useCases, cases -> cases.queue().length())
        .register(registry);
    Gauge.builder("pipewright.runs.waiting", useCases, UseCases::waiting).register(registry);
    Gauge.builder("pipewright.runs.running", useCases, UseCases::running).register(registry);
    FunctionCounter.builder(
            "pipewright.hooks.missed", useCases, cases -> cases.reconciler().missed())
        .register(registry);
    FunctionCounter.builder("pipewright.looks", useCases, cases -> cases.reconciler().looks())
        .register(registry);
    for (Outcome outcome : Outcome.values()) {
      Counter unused = finished(outcome);
    }
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    useCases.listen(this);
  }

  private Counter finished(Outcome outcome) {
    return registry.counter("pipewright.runs.finished", "outcome", outcome.name());
  }

  /** The numbers as text. */
  public String scrape() {
    return registry.scrape();
  }

  /** A delivery was stored. */
  public void delivered(DeliveryAccepted accepted) {
    registry
        .counter(
            "pipewright.deliveries",
            "verdict",
            accepted.duplicate() ? "DUPLICATE" : accepted.verdict().name())
        .increment();
  }

  /** An HTTP request was answered. */
  public void answered(String method, int status, Duration took) {
    registry.timer("pipewright.http", "method", method, "status", status / 100 + "xx").record(took);
  }

  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    Instant startedAt = after.startedAt();
    if (before != null && after.batches() > before.batches()) {
      batches.increment();
    }
    if (before != null && before.startedAt() == null && startedAt != null) {
      queued.record(positive(after.queuedAt(), startedAt));
    }
    Outcome outcome = after.outcome();
    Instant finishedAt = after.finishedAt();
    if (outcome == null || finishedAt == null || (before != null && before.over())) {
      return;
    }
    finished(outcome).increment();
    if (startedAt != null) {
      lasted.record(positive(startedAt, finishedAt));
    }
    if (RunQueue.isLost(after)) {
      lost.increment();
    }
  }

  private static Duration positive(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // Nothing is counted per pipeline: names are chosen by users and without bound.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    logBytes.increment((double) count);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
