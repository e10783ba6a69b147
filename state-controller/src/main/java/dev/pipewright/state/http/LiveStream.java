package dev.pipewright.state.http;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.RunListener;
import dev.pipewright.state.RunRecord;
import dev.pipewright.state.UseCases;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events. Changes are gathered for a few milliseconds, so that a run that reports a
 * thousand steps a second is told of twenty times. A client that does not read is let go, never
 * waited for and never buffered for. Thread-safe.
 */
final class LiveStream implements RunListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
  private static final int CLIENT_BUFFER = 4 * 1024 * 1024;
  private static final long GATHER_MILLIS = 50;
  private static final int MOST_CLIENTS = 1000;

  private final UseCases cases;
  private final InstantSource clock;
  private final Set<Client> clients = ConcurrentHashMap.newKeySet();
  private final AtomicLong ids;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private Set<RunId> runs = new LinkedHashSet<>();
  private Set<PipelineName> pipelines = new LinkedHashSet<>();
  private Map<LogEnd, Long> logs = new HashMap<>();

  private record LogEnd(RunId run, StepPath path) {}

  private record LogNews(RunId run, StepPath path, long length) {}

  private record Beat(Instant at) {}

  private record Client(HttpServerResponse response, Context context, @Nullable RunId only) {}

  LiveStream(UseCases cases, InstantSource clock) {
    this.cases = cases;
    this.clock = clock;
    this.ids = new AtomicLong(clock.millis());
  }

  /** Adds a client; on its event loop. */
  void open(RoutingContext ctx, @Nullable RunId only) {
    HttpServerResponse response = ctx.response();
    if (clients.size() >= MOST_CLIENTS) {
      response.setStatusCode(503);
      Future<Void> unused = response.end();
      return;
    }
    response
        .setChunked(true)
        .setWriteQueueMaxSize(CLIENT_BUFFER)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader("X-Content-Type-Options", "nosniff");
    Client client = new Client(response, ctx.vertx().getOrCreateContext(), only);
    response.closeHandler(any -> clients.remove(client));
    clients.add(client);
    send(client, frame("beat", new Beat(clock.instant())));
  }

  private Buffer frame(String event, Object data) {
    return Buffer.buffer(
        "id: %d\nevent: %s\ndata: %s\n\n".formatted(ids.incrementAndGet(), event, Json.text(data)));
  }

  private void send(Client client, Buffer frame) {
    client
        .context()
        .runOnContext(
            any -> {
              if (client.response().closed() || client.response().ended()) {
                clients.remove(client);
              } else if (client.response().writeQueueFull()) {
                clients.remove(client);
                Future<Void> unused = client.response().reset().mapEmpty();
              } else {
                Future<Void> unused = client.response().write(frame);
              }
            });
  }

  private void tell(@Nullable RunId run, Buffer frame) {
    for (Client client : clients) {
      if (client.only() == null || client.only().equals(run)) {
        send(client, frame);
      }
    }
  }

  /** Tells everybody that the server lives. */
  void beat() {
    Buffer frame = frame("beat", new Beat(clock.instant()));
    clients.forEach(client -> send(client, frame));
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
    Set<PipelineName> changedPipelines;
    Map<LogEnd, Long> grown;
    lock.lock();
    try {
      while (runs.isEmpty() && pipelines.isEmpty() && logs.isEmpty()) {
        came.await();
      }
      changedRuns = runs;
      changedPipelines = pipelines;
      grown = logs;
      runs = new LinkedHashSet<>();
      pipelines = new LinkedHashSet<>();
      logs = new HashMap<>();
    } finally {
      lock.unlock();
    }
    if (!clients.isEmpty()) {
      publish(changedRuns, changedPipelines, grown);
    }
  }

  private void publish(
      Set<RunId> changedRuns, Set<PipelineName> changedPipelines, Map<LogEnd, Long> grown) {
    try {
      changedRuns.forEach(run -> tell(run, frame("run", withoutPlan(run))));
      grown.forEach(
          (end, length) ->
              tell(end.run(), frame("log", new LogNews(end.run(), end.path(), length))));
      changedPipelines.forEach(
          pipeline -> tell(null, frame("pipeline", cases.pipelines().view(pipeline))));
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("Could not tell of a change");
    }
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
    clients.forEach(
        client ->
            client
                .context()
                .runOnContext(
                    any -> {
                      Future<Void> unused = client.response().end();
                    }));
  }
}
