package dev.pipewright.state;

import static dev.pipewright.state.Samples.began;
import static dev.pipewright.state.Samples.ended;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.state.store.MemoryStorage;
import dev.pipewright.state.store.Storage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The use cases on a clock that tests move, with runs that have begun. */
final class Bench {
  static final SourceName OTHER = new SourceName("other");

  final Path folder;
  private final AtomicReference<Instant> time = new AtomicReference<>(Samples.NOON);
  private final AtomicInteger keys = new AtomicInteger();
  final MemoryStorage storage;
  final Queue<Given> given = new ConcurrentLinkedQueue<>();
  UseCases cases;

  /** How long runs are kept from the next start on. */
  KeepRule keep = KeepRule.USUAL;

  /** An answer that a run was given. */
  record Given(RunId run, int attempt, Answer answer) {}

  Bench(Path folder) throws IOException {
    this.folder = folder;
    this.storage = new MemoryStorage(folder);
    this.cases = open(storage);
    cases.sources().register(Samples.source());
    cases
        .sources()
        .register(new SourceSpec(OTHER, "https://git.example/other.git", null, null, null, "main"));
  }

  private UseCases open(Storage through) throws IOException {
    return new UseCases(
        new StateConfig(
            folder,
            null,
            URI.create("http://ci.example"),
            "admin-token",
            null,
            null,
            false,
            false,
            Integer.MAX_VALUE,
            StateConfig.RECONCILE_EVERY,
            keep),
        through,
        time::get);
  }

  /** What a new process finds. */
  void restart() throws IOException {
    restart(storage);
  }

  /** The same with everything going through {@code through}. */
  void restart(Storage through) throws IOException {
    cases = open(through);
  }

  InstantSource clock() {
    return time::get;
  }

  void pass(Duration duration) {
    Instant unused = time.updateAndGet(now -> now.plus(duration));
  }

  void give(RunId run, int attempt, Answer answer) {
    given.add(new Given(run, attempt, answer));
  }

  /** A run of the sample plan whose engine has begun. */
  LaunchOrder running() {
    return running(Samples.plan("shop"));
  }

  LaunchOrder running(Plan plan) {
    return running(order(plan, Samples.SHOP));
  }

  LaunchOrder running(NewRun order) {
    RunId unused = cases.runs().create(order).run().id();
    LaunchOrder launch = cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    report(launch, began(1));
    return launch;
  }

  NewRun order(Plan plan, SourceName source) {
    return order(plan, source, false);
  }

  NewRun order(Plan plan, SourceName source, boolean isolated) {
    NewRun sample = Samples.order(plan.pipeline().value(), "key " + keys.incrementAndGet());
    return new NewRun(
        sample.key(),
        source,
        sample.ref(),
        new CommitId("0123456789abcdef0123456789abcdef01234567"),
        sample.cause(),
        sample.versionKey(),
        sample.bundle(),
        plan,
        sample.parameters(),
        null,
        isolated,
        null,
        Origin.TRUSTED);
  }

  void report(LaunchOrder launch, EventEnvelope... events) {
    Object unused =
        cases.reports().report(launch.run(), new EventBatch(launch.fence(), List.of(events)));
  }

  void finish(LaunchOrder launch, long seq) {
    report(launch, ended(seq, Outcome.SUCCEEDED));
  }
}
