package dev.pipewright.state.http;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.RunListener;
import dev.pipewright.state.RunRecord;
import dev.pipewright.state.UseCases;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events. Changes are gathered for a few milliseconds, so that a run that reports a
 * thousand steps a second is told of twenty times; with its steps only to those who listen to that
 * run alone, and then about three times a second. Who was cut off and comes back with the id of the
 * last event it heard is told what it has missed; of what nobody remembers, that it has missed
 * something. Thread-safe.
 */
final class LiveStream implements RunListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
  private static final int CLIENT_BUFFER = RecentEvents.PIECE;
  private static final long GATHER_MILLIS = 50;
  private static final int STEPS_REST = 6;
  private static final int MOST_CLIENTS = 1000;
  private static final int MOST_EVENTS = 5000;
  private static final long MOST_BYTES = 8L * 1024 * 1024;

  /** So long events are made and kept for those who may come back, when nobody listens. */
  private static final Duration KEPT = Duration.ofMinutes(2);

  private final UseCases cases;
  private final InstantSource clock;
  private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
  private final RecentEvents events;
  private final int mostClients;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private volatile Instant lastLeft = Instant.EPOCH;
  private final StepTurns steps = new StepTurns(STEPS_REST);
  private Set<RunId> runs = new LinkedHashSet<>();
  private Set<RunId> returned = new LinkedHashSet<>();
  private Set<PipelineName> pipelines = new LinkedHashSet<>();
  private Map<LogEnd, Long> logs = new LinkedHashMap<>();

  private record LogEnd(RunId run, StepPath path) {}

  private record LogNews(RunId run, StepPath path, long length) {}

  private record Beat(Instant at) {}

  LiveStream(UseCases cases, InstantSource clock) {
    this(cases, clock, MOST_EVENTS, MOST_CLIENTS);
  }

  /** Remembers at most so many events, and has at most so many listeners. */
  LiveStream(UseCases cases, InstantSource clock, int mostEvents, int mostClients) {
    this.mostClients = mostClients;
    this.cases = cases;
    this.clock = clock;
    this.events =
        new RecentEvents(
            Long.toString(clock.millis(), Character.MAX_RADIX), mostEvents, MOST_BYTES);
  }

  /**
   * Adds a client; on its event loop {@code context}.
   *
   * @param only the run whose events it wants to hear; null for everything
   * @param lastId the id of the last event it has heard; null for one that comes for the first time
   * @param welcome whether it may go on to listen; asked with each beat
   * @throws ApiException UNAVAILABLE if too many listen already
   */
  void open(
      HttpServerResponse response,
      Context context,
      @Nullable RunId only,
      @Nullable String lastId,
      BooleanSupplier welcome) {
    if (clients.size() >= mostClients) {
      throw new ApiException(
          Problem.Code.UNAVAILABLE,
          "Too many listen to this server already.",
          "Try again later, or read what is wanted now and then.");
    }
    response
        .setChunked(true)
        .setWriteQueueMaxSize(CLIENT_BUFFER)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader("X-Content-Type-Options", "nosniff");
    OptionalLong known = lastId == null ? OptionalLong.empty() : events.number(lastId);
    LiveClient client =
        new LiveClient(response, context, only, events, known.orElseGet(events::last), welcome);
    clients.add(client);
    if (only != null && lastId != null) {
      // Changes of the run may have gone untold while nobody listened to it alone.
      gather(() -> returned.add(only));
    }
    response.closeHandler(any -> left(client));
    response.endHandler(any -> left(client));
    response.drainHandler(any -> client.send());
    client.beat(beatNow());
    if (lastId != null && known.isEmpty()) {
      client.reset();
    }
    client.send();
  }

  private void left(LiveClient client) {
    lastLeft = clock.instant();
    clients.remove(client);
  }

  private String beatNow() {
    return Json.text(new Beat(clock.instant()));
  }

  /** Tells everybody that the server lives. */
  void beat() {
    String now = beatNow();
    clients.forEach(client -> client.context().runOnContext(any -> client.beat(now)));
  }

  /** Sends what has changed, until closed. Ends early when interrupted. */
  void run() {
    try {
      while (!closed.await(GATHER_MILLIS, TimeUnit.MILLISECONDS)) {
        publishNext();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publishNext() throws InterruptedException {
    Set<RunId> changedRuns;
    Set<RunId> asked;
    Set<PipelineName> changedPipelines;
    Map<LogEnd, Long> grown;
    lock.lock();
    try {
      while (isQuiet() && steps.isIdle()) {
        came.await();
      }
      changedRuns = runs;
      asked = returned;
      changedPipelines = pipelines;
      grown = logs;
      runs = new LinkedHashSet<>();
      returned = new LinkedHashSet<>();
      pipelines = new LinkedHashSet<>();
      logs = new LinkedHashMap<>();
    } finally {
      lock.unlock();
    }
    if (clients.isEmpty() && lastLeft.plus(KEPT).isBefore(clock.instant())) {
      events.skip();
      steps.clear();
      return;
    }
    changedRuns.forEach(
        run -> note(run, () -> events.add("run", Hearers.OF_ALL, Json.text(summary(run)))));
    grown.forEach((end, length) -> note(end.run(), () -> tell(end, length)));
    changedPipelines.forEach(
        pipeline -> note(pipeline, () -> tell(cases.pipelines().view(pipeline))));
    Set<RunId> followed = followed();
    changedRuns.stream().filter(followed::contains).forEach(steps::changed);
    asked.forEach(steps::changed);
    steps.next().forEach(run -> note(run, () -> events.addWhole(run, Json.text(withoutPlan(run)))));
    clients.forEach(LiveClient::wake);
  }

  private boolean isQuiet() {
    return runs.isEmpty() && returned.isEmpty() && pipelines.isEmpty() && logs.isEmpty();
  }

  /** The runs that somebody listens to alone. */
  private Set<RunId> followed() {
    Set<RunId> found = new HashSet<>();
    for (LiveClient client : clients) {
      RunId only = client.only();
      if (only != null) {
        found.add(only);
      }
    }
    return found;
  }

  private void tell(LogEnd end, long length) {
    String json = Json.text(new LogNews(end.run(), end.path(), length));
    events.add("log", Hearers.about(end.run()), json);
  }

  private void tell(PipelineView view) {
    events.add("pipeline", Hearers.about(view.name()), Json.text(view));
  }

  private void note(Object what, Runnable add) {
    try {
      add.run();
    } catch (ApiException e) {
      // It was removed meanwhile: there is nothing to tell of it.
    } catch (RuntimeException e) {
      events.skip();
      log.atWarn().addKeyValue("what", what).setCause(e).log("Could not tell of a change");
    }
  }

  private RunSnapshot summary(RunId id) {
    return cases.runs().snapshot(id).summary();
  }

  private RunSnapshot withoutPlan(RunId id) {
    RunSnapshot run = cases.runs().snapshot(id);
    return run.withSteps(run.steps(), null);
  }

  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    gather(() -> runs.add(after.id()));
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    gather(() -> pipelines.add(pipeline));
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    gather(() -> logs.put(new LogEnd(run, step), length));
  }

  private void gather(Runnable add) {
    lock.lock();
    try {
      add.run();
      came.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    clients.forEach(LiveClient::end);
  }
}
