package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.event.RunEvent.RunFinished;
import dev.pipewright.protocol.event.RunEvent.RunStarted;
import dev.pipewright.protocol.event.RunEvent.StepFinished;
import dev.pipewright.protocol.event.RunEvent.StepStarted;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a run while it is made: begins as a copy of a record and ends as the next one. Pure,
 * confined to one thread. A refused change throws {@link ApiException} and leaves the record alone.
 */
final class RunDraft {
  private final RunRecord before;
  private final Map<StepPath, StepSnapshot> steps = new LinkedHashMap<>();
  private RunState state;
  private @Nullable Outcome outcome;
  private @Nullable String reason;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;
  private @Nullable Instant claimedAt;
  private @Nullable String cancelledBy;
  private @Nullable String cancelReason;
  private @Nullable Instant cancelledAt;
  private long fence;
  private @Nullable String holder;
  private @Nullable String unit;
  private @Nullable String image;
  private @Nullable String tokenHash;
  private boolean engineSeen;
  private long lastSeq;
  private int batches;

  RunDraft(RunRecord before) {
    this.before = before;
    before.steps().forEach(step -> steps.put(step.path(), step));
    this.state = before.state();
    this.outcome = before.outcome();
    this.reason = before.reason();
    this.startedAt = before.startedAt();
    this.finishedAt = before.finishedAt();
    this.claimedAt = before.claimedAt();
    this.cancelledBy = before.cancelledBy();
    this.cancelReason = before.cancelReason();
    this.cancelledAt = before.cancelledAt();
    this.fence = before.fence();
    this.holder = before.holder();
    this.unit = before.unit();
    this.image = before.image();
    this.tokenHash = before.tokenHash();
    this.engineSeen = before.engineSeen();
    this.lastSeq = before.lastSeq();
    this.batches = before.batches();
  }

  /** The steps of a run of which nothing has happened yet. */
  static List<StepSnapshot> pending(NewRun order) {
    return order.plan().addressedSteps().stream().map(RunDraft::pending).toList();
  }

  private static StepSnapshot pending(PlanStep step) {
    StepPath path = step.path();
    if (path == null) {
      throw new IllegalArgumentException("Only steps with a path have a state.");
    }
    return new StepSnapshot(
        path,
        step.kind(),
        Phase.PENDING,
        null,
        null,
        null,
        null,
        0,
        step.allowFailure(),
        0,
        List.of());
  }

  RunRecord record() {
    return new RunRecord(
        before.id(),
        before.order(),
        before.queuedAt(),
        state,
        outcome,
        reason,
        startedAt,
        finishedAt,
        claimedAt,
        cancelledBy,
        cancelReason,
        cancelledAt,
        fence,
        holder,
        unit,
        image,
        tokenHash,
        engineSeen,
        lastSeq,
        batches,
        before.version() + 1,
        List.copyOf(steps.values()));
  }

  private void move(RunSignal signal) {
    switch (RunTransitions.next(state, signal)) {
      case RunTransitions.Move.To(RunState next) -> state = next;
      case RunTransitions.Move.Refused(String why) ->
          throw new ApiException(Problem.Code.CONFLICT, why);
    }
  }

  void claim(String by, String hash, Instant now) {
    move(RunSignal.CLAIM);
    fence++;
    holder = by;
    tokenHash = hash;
    claimedAt = now;
    forgetLaunch();
  }

  private void forgetLaunch() {
    unit = null;
    lastSeq = 0;
    batches = 0;
    engineSeen = false;
  }

  void requeue() {
    move(RunSignal.REQUEUE);
    unclaim();
  }

  private void unclaim() {
    holder = null;
    tokenHash = null;
    claimedAt = null;
    forgetLaunch();
  }

  void launched(String unitName, @Nullable String runtimeImage) {
    move(RunSignal.LAUNCH);
    unit = unitName;
    image = runtimeImage;
  }

  /** A person wants it cancelled; the first wish counts. */
  void cancel(String by, @Nullable String why, Instant now) {
    move(RunSignal.CANCEL);
    if (cancelledBy == null) {
      cancelledBy = by;
      cancelReason = why;
      cancelledAt = now;
    }
    if (state == RunState.FINISHED) {
      end(Outcome.CANCELLED, cancelReason, now);
    }
  }

  /** Takes over events of the engine; those with a known number must be left out before. */
  void report(List<EventEnvelope> events) {
    for (EventEnvelope envelope : events) {
      switch (envelope.event()) {
        case RunStarted _ -> {
          move(RunSignal.ENGINE_START);
          engineSeen = true;
          startedAt = envelope.at();
        }
        case StepStarted started -> {
          move(RunSignal.STEP);
          begin(started, envelope.at());
        }
        case StepFinished finished -> {
          move(RunSignal.STEP);
          finish(finished, envelope.at());
        }
        case RunEvent.RunResumed _, RunEvent.RunWaiting _, RunEvent.Noted _ -> {}
        case RunEvent.StepsReset _, RunEvent.StepExpanded _ -> {}
        case RunEvent.StepWaiting _, RunEvent.TestsFound _ -> {}
        case RunFinished finished -> {
          move(RunSignal.ENGINE_FINISH);
          engineSeen = true;
          StepFold.fold(before.order().plan(), steps);
          end(finished.outcome(), finished.reason(), envelope.at());
        }
      }
      lastSeq = envelope.seq();
    }
    RunChecks.weight(steps.values());
    batches++;
    if (state != RunState.FINISHED) {
      StepFold.fold(before.order().plan(), steps);
    }
  }

  private void begin(StepStarted started, Instant at) {
    StepSnapshot old = known(started.path());
    Instant first = old.startedAt();
    steps.put(
        old.path(),
        new StepSnapshot(
            old.path(),
            old.kind(),
            Phase.RUNNING,
            null,
            null,
            first == null ? at : first,
            null,
            started.attempt(),
            old.allowFailure(),
            old.logBytes(),
            List.of()));
  }

  private void finish(StepFinished finished, Instant at) {
    StepSnapshot old = known(finished.path());
    steps.put(
        old.path(), ended(old, finished.outcome(), finished.reason(), finished.artifacts(), at));
  }

  /** Steps that no plan knew are kept too: an engine may make them while it runs. */
  private StepSnapshot known(StepPath path) {
    StepSnapshot old = steps.get(path);
    return old != null
        ? old
        : new StepSnapshot(
            path, "step", Phase.PENDING, null, null, null, null, 0, false, 0, List.of());
  }

  private static StepSnapshot ended(
      StepSnapshot old,
      Outcome outcome,
      @Nullable String reason,
      List<Artifact> artifacts,
      Instant at) {
    return new StepSnapshot(
        old.path(),
        old.kind(),
        Phase.FINISHED,
        outcome,
        reason,
        old.startedAt(),
        at,
        old.attempt(),
        old.allowFailure(),
        old.logBytes(),
        artifacts);
  }

  /** Its unit has ended. If the engine had not finished the run, this does, with its reason. */
  void unitEnded(LaunchEnd how, Instant now) {
    boolean open = state != RunState.FINISHED;
    move(RunSignal.UNIT_END);
    if (open) {
      end(outcomeOf(how), how.reason(), now);
    }
    holder = null;
  }

  private Outcome outcomeOf(LaunchEnd how) {
    if (cancelledBy != null) {
      return Outcome.CANCELLED;
    }
    return switch (how.kind()) {
      case LIMIT -> Outcome.TIMED_OUT;
      case EXITED, OOM, STOPPED, START_FAILED, LOST -> Outcome.ERRORED;
    };
  }

  /** Nothing was heard of it: back to the queue if it was only claimed, else over. */
  void lost(String why, Instant now) {
    move(RunSignal.LEASE_LOST);
    if (state == RunState.QUEUED) {
      unclaim();
    } else {
      end(cancelledBy == null ? Outcome.ERRORED : Outcome.CANCELLED, why, now);
      holder = null;
    }
  }

  /** A cancelled run that came back to the queue does not stay there. */
  void endIfCancelled(Instant now) {
    if (state == RunState.QUEUED && cancelledBy != null) {
      cancel(cancelledBy, cancelReason, now);
    }
  }

  /** Throws FENCED unless {@code number} is that of the last claim. */
  void fence(long number) {
    RunChecks.fence(before, number);
  }

  private void end(Outcome how, @Nullable String why, Instant at) {
    outcome = how;
    reason = why;
    finishedAt = at;
    for (StepSnapshot step : List.copyOf(steps.values())) {
      if (step.finishedAt() != null) {
        continue;
      }
      steps.put(step.path(), ended(step, leftOver(step, how), null, step.artifacts(), at));
    }
  }

  /** The outcome of a step whose end nobody told. */
  private static Outcome leftOver(StepSnapshot step, Outcome run) {
    Outcome folded = step.outcome();
    if (folded != null) {
      return folded;
    }
    return step.state() == Phase.PENDING ? Outcome.SKIPPED : closing(run);
  }

  /** What a step that nobody finished gets: never a success. */
  private static Outcome closing(Outcome run) {
    return switch (run) {
      case SUCCEEDED, SKIPPED -> Outcome.ERRORED;
      case FAILED, ERRORED, TIMED_OUT, CANCELLED -> run;
    };
  }
}
