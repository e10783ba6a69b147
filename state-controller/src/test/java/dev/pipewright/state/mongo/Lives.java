package dev.pipewright.state.mongo;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Wait;
import dev.pipewright.state.Samples;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A process that leads run after run through waiting, a decision, an end and another attempt, and
 * says on its output what was acknowledged: the run and its stage.
 */
final class Lives {
  static final StepPath SHIP = Samples.DEPLOY;

  /** How far a run has come at the least. */
  enum Stage {
    CREATED,
    BEGUN,
    PARKED,
    DECIDED,
    RESUMED,
    OVER,
    AGAIN
  }

  private final UseCases cases;
  private long seq;

  private Lives(UseCases cases) {
    this.cases = cases;
  }

  static UseCases open(Path folder) throws Exception {
    return open(folder, MongoStorage.embedded(folder));
  }

  static UseCases open(Path folder, MongoStorage storage) throws Exception {
    return open(folder, storage, Clock.systemUTC());
  }

  static UseCases open(Path folder, MongoStorage storage, InstantSource clock) throws Exception {
    return new UseCases(
        StateConfig.of(folder, URI.create("http://ci.example"), "admin-token"), storage, clock);
  }

  public static void main(String[] args) throws Exception {
    UseCases cases = open(Path.of(args[0]));
    cases.sources().register(Samples.source());
    Lives lives = new Lives(cases);
    for (int number = 0; number < 100_000; number++) {
      lives.live(args[1] + "-" + number);
    }
  }

  private void live(String key) {
    RunId run = cases.runs().create(Samples.order("shop", key)).run().id();
    say(run, Stage.CREATED);
    LaunchOrder first = claim(run);
    tell(first, new RunEvent.RunStarted("1"), new RunEvent.StepStarted(Samples.LINT, 1));
    say(run, Stage.BEGUN);
    Wait ask = new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), null);
    tell(first, new RunEvent.StepWaiting("deploy", SHIP, ask), new RunEvent.RunWaiting("Ship it?"));
    exit(first);
    say(run, Stage.PARKED);
    cases.answers().decide(run, new Decision(SHIP, true, null, Map.of()), "ann");
    say(run, Stage.DECIDED);
    LaunchOrder second = claim(run);
    tell(second, new RunEvent.RunResumed("1"));
    say(run, Stage.RESUMED);
    tell(second, new RunEvent.RunFinished(Outcome.FAILED, null));
    exit(second);
    say(run, Stage.OVER);
    cases.runs().rerun(run, new RerunRequest(null, null), "ann");
    say(run, Stage.AGAIN);
    cases.runs().cancel(run, "ann", null);
  }

  private static void say(RunId run, Stage stage) {
    System.out.println(run + " " + stage);
    System.out.flush();
  }

  private LaunchOrder claim(RunId wanted) {
    LaunchOrder order = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    while (!order.run().equals(wanted)) {
      order = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    }
    seq = 0;
    return order;
  }

  private void tell(LaunchOrder order, RunEvent... events) {
    List<EventEnvelope> batch = new ArrayList<>();
    for (RunEvent event : events) {
      seq++;
      batch.add(new EventEnvelope(seq, Instant.now(), event));
    }
    cases.reports().report(order.run(), new EventBatch(order.fence(), batch));
  }

  private void exit(LaunchOrder order) {
    cases
        .queue()
        .ended(
            order.run(), new LaunchEnd(order.fence(), LaunchEnd.Kind.EXITED, 5, "It has ended."));
  }
}
