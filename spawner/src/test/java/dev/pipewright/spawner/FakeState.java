package dev.pipewright.spawner;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryReceipt;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.ForeignPolicy;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.protocol.api.SourceView;
import dev.pipewright.protocol.api.SourceWithSecret;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.api.VersionRequest;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.TriggerSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** As much of a State-Controller's memory as a Spawner needs. All methods lock. */
final class FakeState {
  private final Map<String, SourceWithSecret> sources = new LinkedHashMap<>();
  private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
  private final Map<RunId, FakeRun> runs = new LinkedHashMap<>();
  private long fences;
  private @Nullable String compileError;
  private @Nullable String outage;
  private @Nullable Long timeLimit;
  private boolean enginesSeen = true;
  private boolean continues;
  private final Deque<SideWork> sideWork = new ArrayDeque<>();
  private final List<SideReport> sideReports = new ArrayList<>();

  static final class Delivery {
    final String id;
    final DeliveryWork work;
    boolean claimed;
    @Nullable DeliveryDone done;

    Delivery(String id, DeliveryWork work) {
      this.id = id;
      this.work = work;
    }
  }

  synchronized void source(String name, String forge, @Nullable String secret) {
    SourceName source = new SourceName(name);
    SourceView view =
        new SourceView(
            source,
            "/x.git",
            forge,
            ".pipewright",
            "main",
            secret != null,
            Instant.EPOCH,
            ForeignPolicy.HOLD);
    sources.put(name, new SourceWithSecret(view, secret));
  }

  synchronized void failToCompile(String reason) {
    compileError = reason;
  }

  synchronized void cannotReachTheRepository(String reason) {
    outage = reason;
  }

  synchronized void limitRunsTo(long seconds) {
    timeLimit = seconds;
  }

  synchronized SourceWithSecret sourceWithSecret(String name) {
    return Optional.ofNullable(sources.get(name))
        .orElseThrow(() -> new ApiException(Problem.Code.NOT_FOUND, "There is no such source."));
  }

  synchronized DeliveryAccepted deliver(DeliveryReceipt receipt) {
    String forgeId = receipt.forgeId() == null ? UUID.randomUUID().toString() : receipt.forgeId();
    String id = receipt.source() + "." + forgeId;
    boolean duplicate = deliveries.containsKey(id);
    if (!duplicate) {
      DeliveryWork work =
          new DeliveryWork(id, receipt.source(), receipt.changes(), null, Map.of(), null, 0);
      Delivery delivery = new Delivery(id, work);
      delivery.claimed = receipt.verdict() != Verdict.BUILD;
      deliveries.put(id, delivery);
    }
    return new DeliveryAccepted(id, receipt.verdict(), receipt.reason(), duplicate);
  }

  synchronized void startByHand(String id, String source, ManualStart start) {
    DeliveryWork work =
        new DeliveryWork(
            id, new SourceName(source), List.of(), start.pipeline(), Map.of(), start, 0);
    deliveries.put(id, new Delivery(id, work));
  }

  synchronized Optional<DeliveryWork> claimDelivery() {
    for (Delivery delivery : deliveries.values()) {
      if (!delivery.claimed) {
        delivery.claimed = true;
        DeliveryWork w = delivery.work;
        return Optional.of(
            new DeliveryWork(
                w.id(),
                w.source(),
                w.changes(),
                w.pipeline(),
                w.parameters(),
                w.manual(),
                ++fences));
      }
    }
    return Optional.empty();
  }

  synchronized void done(String id, DeliveryDone done) {
    Optional.ofNullable(deliveries.get(id)).orElseThrow().done = done;
  }

  /** A delivery can be held as long as its Spawner wants. */
  synchronized void renew(String id, Lease lease) {
    Delivery unused = Optional.ofNullable(deliveries.get(id)).orElseThrow();
  }

  synchronized Optional<DeliveryDone> doneOf(String id) {
    return Optional.ofNullable(deliveries.get(id)).map(delivery -> delivery.done);
  }

  synchronized VersionAnswer version(VersionRequest request) {
    if (compileError != null) {
      return without(VersionAnswer.State.FAILED, compileError);
    }
    if (outage != null) {
      return without(VersionAnswer.State.UNAVAILABLE, outage);
    }
    Plan plan =
        new Plan(
            new PipelineName("shop"),
            "ShopPipeline",
            List.of(new TriggerSpec.Push(List.of()), new TriggerSpec.Manual()),
            null,
            List.of());
    return new VersionAnswer(
        VersionAnswer.State.READY,
        null,
        request.ref() == null ? "refs/heads/main" : request.ref(),
        request.commit(),
        "key",
        BlobDigest.of(new byte[] {1}),
        List.of(plan),
        null,
        null);
  }

  private static VersionAnswer without(VersionAnswer.State state, String reason) {
    return new VersionAnswer(state, reason, null, null, null, null, List.of(), null, null);
  }

  synchronized RunSnapshot create(NewRun run) {
    for (FakeRun present : runs.values()) {
      if (present.ordered.key().equals(run.key())) {
        return present.snapshot();
      }
    }
    RunId id = new RunId(run.plan().pipeline(), runs.size() + 1L);
    runs.put(id, new FakeRun(id, run));
    return run(id).snapshot();
  }

  synchronized RunSnapshot snapshot(RunId id) {
    return run(id).snapshot();
  }

  synchronized Optional<LaunchOrder> claimRun() {
    for (FakeRun run : runs.values()) {
      if (run.phase == Phase.QUEUED) {
        run.phase = Phase.RUNNING;
        run.fence = ++fences;
        run.unit = null;
        run.end = null;
        return Optional.of(
            new LaunchOrder(
                run.id,
                1,
                run.fence,
                "token",
                run.ordered.source(),
                null,
                false,
                timeLimit,
                run.workspace,
                false,
                null));
      }
    }
    return Optional.empty();
  }

  synchronized List<Claimed> claimed() {
    List<Claimed> found = new ArrayList<>();
    for (FakeRun run : runs.values()) {
      boolean held = run.phase == Phase.RUNNING || run.phase == Phase.FINISHED;
      if (held && run.end == null) {
        found.add(
            new Claimed(
                run.id, run.fence, run.unit, run.phase == Phase.FINISHED, run.unit != null));
      }
    }
    return found;
  }

  synchronized void launched(RunId id, LaunchReport report) {
    check(id, report.fence()).unit = report.unit();
  }

  synchronized void ended(RunId id, LaunchEnd end) {
    FakeRun run = check(id, end.fence());
    run.end = end;
    boolean died = end.kind() == LaunchEnd.Kind.EXITED || end.kind() == LaunchEnd.Kind.LOST;
    if (run.phase == Phase.RUNNING && continues && died) {
      run.phase = Phase.QUEUED;
    } else if (run.phase == Phase.RUNNING) {
      finish(run, Outcome.ERRORED);
    }
  }

  /** Runs whose unit dies are queued again from now on. */
  synchronized void continueRuns() {
    continues = true;
  }

  /** The engine leaves the run waiting. */
  synchronized void park(RunId id) {
    run(id).phase = Phase.WAITING;
  }

  /** Queues a run again: a waiting one, one whose lease ran out, or a finished one. */
  synchronized void queueAgain(RunId id, int workspace) {
    FakeRun run = run(id);
    run.phase = Phase.QUEUED;
    run.outcome = null;
    run.finishedAt = null;
    run.fence = ++fences;
    run.workspace = workspace;
  }

  synchronized void forget(RunId id) {
    runs.remove(id);
  }

  synchronized long fenceOf(RunId id) {
    return run(id).fence;
  }

  synchronized void want(SideWork work) {
    sideWork.add(work);
  }

  synchronized Optional<SideWork> claimSide() {
    return Optional.ofNullable(sideWork.poll());
  }

  synchronized void sideReported(SideReport report) {
    sideReports.add(report);
  }

  synchronized List<SideReport> sideReports() {
    return List.copyOf(sideReports);
  }

  synchronized void requeue(RunId id, Lease lease) {
    check(id, lease.fence()).phase = Phase.QUEUED;
  }

  synchronized Control renew(RunId id, Lease lease) {
    FakeRun run = check(id, lease.fence());
    boolean cancelled = run.cancelledAt != null;
    return new Control(
        run.phase == Phase.FINISHED,
        cancelled ? "alice" : null,
        null,
        run.cancelledAt,
        List.of(),
        enginesSeen);
  }

  synchronized void seeNoEngine() {
    enginesSeen = false;
  }

  synchronized void cancel(RunId id) {
    run(id).cancelledAt = Instant.EPOCH;
  }

  synchronized void fence(RunId id) {
    run(id).fence = ++fences;
  }

  synchronized void finishedByEngine(RunId id, Outcome outcome) {
    finish(run(id), outcome);
  }

  private static void finish(FakeRun run, Outcome outcome) {
    run.phase = Phase.FINISHED;
    run.outcome = outcome;
    run.finishedAt = InstantSource.system().instant();
  }

  synchronized List<NewRun> ordered() {
    return runs.values().stream().map(run -> run.ordered).toList();
  }

  synchronized Optional<LaunchEnd> endOf(RunId id) {
    return Optional.ofNullable(runs.get(id)).map(run -> run.end);
  }

  synchronized Optional<String> unitOf(RunId id) {
    return Optional.ofNullable(runs.get(id)).map(run -> run.unit);
  }

  /** A run that a Spawner claimed, and perhaps launched, before it was killed. */
  synchronized void claimedBefore(RunId id, @Nullable String unit) {
    claimRun();
    run(id).unit = unit;
  }

  private FakeRun run(RunId id) {
    return Optional.ofNullable(runs.get(id))
        .orElseThrow(() -> new ApiException(Problem.Code.NOT_FOUND, "There is no such run."));
  }

  private FakeRun check(RunId id, long fence) {
    FakeRun run = run(id);
    if (run.fence != fence) {
      throw new ApiException(Problem.Code.FENCED, "A newer launch exists.");
    }
    return run;
  }
}
