package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.client.EngineClient;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run that is told of over HTTP, by the clients of Builder, Spawner and engine, without one. */
final class ToldRun {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final WorkClient work;
  private final LaunchOrder launch;
  private final EngineClient engine;
  private long seq;

  /** Makes a run of this plan on main, and launches it; nobody else may claim runs meanwhile. */
  ToldRun(URI server, String serviceToken, SourceName source, Plan plan, String key) {
    work =
        new WorkClient(
            new HttpTransport(server, serviceToken, PATIENCE), "benchmark " + plan.pipeline());
    RunId made = work.create(order(source, plan, key)).id();
    launch = claimed(work, made);
    engine = new EngineClient(new HttpTransport(server, launch.token(), PATIENCE), made);
    work.launched(made, new LaunchReport(launch.fence(), "unit of " + key, null));
    tell(new RunEvent.RunStarted("0.1.0"));
  }

  private static LaunchOrder claimed(WorkClient work, RunId made) {
    LaunchOrder claimed = work.claimRun(PATIENCE).orElseThrow();
    if (!claimed.run().equals(made)) {
      throw new IllegalStateException(claimed.run() + " was claimed instead of " + made + ".");
    }
    return claimed;
  }

  private static NewRun order(SourceName source, Plan plan, String key) {
    String commit = BlobDigest.of(key.getBytes(UTF_8)).hex().substring(0, 40);
    return new NewRun(
        key,
        source,
        "refs/heads/main",
        new CommitId(commit),
        new Cause("push", "ann", "Number " + key, key),
        "version-1",
        BlobDigest.of("no bundle".getBytes(UTF_8)),
        plan,
        Map.of(),
        null,
        false,
        null,
        Origin.TRUSTED);
  }

  RunId id() {
    return launch.run();
  }

  /** Sends one batch and waits for its acknowledgement. */
  void tell(RunEvent... events) {
    List<EventEnvelope> batch = new ArrayList<>();
    for (RunEvent event : events) {
      seq++;
      batch.add(new EventEnvelope(seq, Instant.now(), event));
    }
    Object unused = engine.report(new EventBatch(launch.fence(), batch));
  }

  /** Something changes in the run. */
  void change(StepPath step) {
    tell(new RunEvent.StepStarted(step, (int) seq));
  }

  /** These steps begin and end, in one batch. */
  void pass(List<StepPath> steps) {
    List<RunEvent> events = new ArrayList<>();
    for (StepPath step : steps) {
      events.add(new RunEvent.StepStarted(step, 1));
      events.add(new RunEvent.StepFinished(step, Outcome.SUCCEEDED, null, Map.of(), List.of()));
    }
    tell(events.toArray(RunEvent[]::new));
  }

  /** The engine says that the run is over. */
  void finish(Outcome outcome) {
    tell(new RunEvent.RunFinished(outcome, null));
  }

  /** The unit has ended. */
  void end() {
    work.ended(id(), new LaunchEnd(launch.fence(), LaunchEnd.Kind.EXITED, 0, "It has ended."));
  }
}
