package dev.pipewright.state.metrics;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.Pools;
import dev.pipewright.state.RunListener;
import dev.pipewright.state.RunQueue;
import dev.pipewright.state.RunRecord;
import dev.pipewright.state.UseCases;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Counts what happens, for Prometheus and, if there is one, for Graphite. Thread-safe. */
public final class Meters implements RunListener, AutoCloseable {
  private static final double MILLIS = 1000;
  private static final Duration[] WAITS = {
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2),
    Duration.ofMinutes(10),
    Duration.ofHours(1)
  };
  private static final Duration[] ANSWERS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2)
  };

  private final Registries registries;
  private final MeterRegistry registry;
  private final PipelineTags pipelines = new PipelineTags();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Timer queued;
  private final Counter batches;
  private final Counter logBytes;
  private final Counter lost;

  /** {@code graphite} is where the numbers are sent to; null for nowhere. */
  public Meters(@Nullable GraphiteTarget graphite) {
    this.registries = new Registries(graphite);
    this.registry = registries.all();
    this.queued =
        Timer.builder("pipewright.run.queued").serviceLevelObjectives(WAITS).register(registry);
    this.batches = registry.counter("pipewright.event.batches");
    this.logBytes = registry.counter("pipewright.log.bytes");
    this.lost = registry.counter("pipewright.runs.lost");
    for (Outcome outcome : Outcome.values()) {
      Counter unused = finished(outcome);
    }
    for (Verdict verdict : Verdict.values()) {
      Counter unused = delivery(verdict.name());
    }
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Counts from now on what happens in {@code useCases}. */
  public void watch(UseCases useCases) {
    gauge("pipewright.queue.length", useCases, cases -> cases.queue().length());
    gauge("pipewright.runs.waiting", useCases, UseCases::waiting);
    gauge("pipewright.runs.running", useCases, UseCases::running);
    FunctionCounter.builder(
            "pipewright.hooks.missed", useCases, cases -> cases.reconciler().missed())
        .register(registry);
    FunctionCounter.builder("pipewright.looks", useCases, cases -> cases.reconciler().looks())
        .register(registry);
    FunctionCounter.builder("pipewright.runs.removed", useCases, cases -> cases.retention().count())
        .register(registry);
    gauge("pipewright.pool.waiting", useCases, cases -> cases.pools().waiting());
    for (Pools.Count count : Pools.Count.values()) {
      FunctionCounter.builder(
              "pipewright.pool." + count.name().toLowerCase(Locale.ROOT),
              useCases,
              cases -> cases.pools().count(count))
          .register(registry);
    }
    useCases.listen(this);
  }

  private void gauge(String name, UseCases useCases, ToDoubleFunction<UseCases> value) {
    Gauge.builder(name, useCases, value).register(registry);
  }

  private Counter finished(Outcome outcome) {
    return registry.counter("pipewright.runs.finished", "outcome", outcome.name());
  }

  private Counter delivery(String verdict) {
    return registry.counter("pipewright.deliveries", "verdict", verdict);
  }

  /** The numbers as Prometheus reads them. */
  public String scrape() {
    return registries.scrape();
  }

  /** What is counted; for those who look at the names. */
  MeterRegistry registry() {
    return registry;
  }

  /** A delivery was stored. */
  public void delivered(DeliveryAccepted accepted) {
    delivery(accepted.duplicate() ? "DUPLICATE" : accepted.verdict().name()).increment();
  }

  /** An HTTP request was answered. */
  public void answered(String method, int status, Duration took) {
    answer("pipewright.http", "method", method, status).record(took);
  }

  /** A cctray feed was answered; {@code kind} is {@code all}, {@code selected} or {@code one}. */
  public void fed(String kind, int status, Duration took) {
    answer("pipewright.feed", "feed", kind, status).record(took);
  }

  private Timer answer(String name, String tag, String value, int status) {
    return Timer.builder(name)
        .tags(tag, value, "status", status / 100 + "xx")
        .serviceLevelObjectives(ANSWERS)
        .register(registry);
  }

  /** The store has done something; {@code operation} is one of a few words. */
  void stored(String operation, long nanos) {
    Timer.builder("pipewright.store")
        .tag("operation", operation)
        .serviceLevelObjectives(ANSWERS)
        .register(registry)
        .record(Duration.ofNanos(nanos));
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
    if (after.over() && (before == null || !before.over())) {
      ended(after);
    }
    ResourceUse used = after.attempt().used();
    boolean unitGone = before != null && before.holder() != null && after.holder() == null;
    if (after.over() && unitGone && used != null) {
      used(pipelines.of(after.id().pipeline()), used);
    }
  }

  private void ended(RunRecord run) {
    Outcome outcome = run.outcome();
    Instant finishedAt = run.finishedAt();
    if (outcome == null || finishedAt == null) {
      return;
    }
    String pipeline = pipelines.of(run.id().pipeline());
    finished(outcome).increment();
    Instant startedAt = run.startedAt();
    if (startedAt != null) {
      lasted("pipewright.run.duration", pipeline, outcome, positive(startedAt, finishedAt));
    }
    if (RunQueue.isLost(run)) {
      lost.increment();
    }
    Set<String> containers = new HashSet<>();
    for (StepSnapshot step : run.steps()) {
      String path = step.path().value();
      containers.add(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
    }
    for (StepSnapshot step : run.steps()) {
      Instant from = step.startedAt();
      Instant to = step.finishedAt();
      Outcome how = step.outcome();
      if (from != null && to != null && how != null && !containers.contains(step.path().value())) {
        lasted("pipewright.step.duration", pipeline, how, positive(from, to));
      }
    }
  }

  private void lasted(String name, String pipeline, Outcome outcome, Duration time) {
    registry.timer(name, "pipeline", pipeline, "outcome", outcome.name()).record(time);
  }

  private void used(String pipeline, ResourceUse used) {
    if (used.cpuMillis() != null) {
      Counter.builder("pipewright.run.cpu")
          .baseUnit("seconds")
          .tag("pipeline", pipeline)
          .register(registry)
          .increment(used.cpuMillis() / MILLIS);
    }
    bytes("pipewright.run.memory", pipeline, used.memoryPeak());
    bytes("pipewright.run.disk", pipeline, used.disk());
  }

  private void bytes(String name, String pipeline, @Nullable Long bytes) {
    if (bytes != null) {
      DistributionSummary.builder(name)
          .baseUnit("bytes")
          .tag("pipeline", pipeline)
          .register(registry)
          .record(bytes);
    }
  }

  private static Duration positive(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // What a pipeline looks like is no number.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    logBytes.increment((double) count);
  }

  @Override
  public void close() {
    collections.close();
    registries.close();
  }
}
