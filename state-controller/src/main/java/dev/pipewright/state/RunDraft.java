package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.CommitApproval;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of a run while it is made: begins as a copy of a record and ends as the next one. Pure,
 * confined to one thread. A refused change throws {@link ApiException} and leaves the record alone.
 */
final class RunDraft {
  private final RunRecord before;
  private NewRun order;
  private final List<RunSnapshot> archived = new ArrayList<>();
  private StepDraft steps;
  private RunAttempt attempt;
  private Instant queuedAt;
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
    this.order = before.order();
    this.steps = new StepDraft(before);
    this.attempt = before.attempt();
    this.queuedAt = before.queuedAt();
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

  /** The run as it was before this change. */
  RunRecord before() {
    return before;
  }

  /** The run as it is after it. */
  RunRecord record() {
    return new RunRecord(
        before.id(),
        order,
        queuedAt,
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
        steps.steps(),
        attempt.with(steps.told()));
  }

  /** The attempts this change has ended, to be kept before it is. */
  List<RunSnapshot> archived() {
    return List.copyOf(archived);
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
    unit = null;
    engineSeen = false;
    lastSeq = 0;
    batches = 0;
    attempt = attempt.with(attempt.progress().atClaim());
  }

  void requeue(Instant now) {
    move(RunSignal.REQUEUE);
    release();
    settleQueued(now);
  }

  /** Nobody has the run; what its last launch told stays counted until the next one is claimed. */
  private void release() {
    holder = null;
    tokenHash = null;
    claimedAt = null;
    unit = null;
    engineSeen = false;
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
    settleQueued(now);
    wakeIfWanted(now);
  }

  /** It cannot be run as it was asked for, and ends before it has begun. */
  void refuse(String why, Instant now) {
    move(RunSignal.END_AT_ONCE);
    end(Outcome.ERRORED, why, now);
  }

  /** What is known of it now, and what a person must answer before it is begun. */
  void admit(NewRun now, @Nullable OpenWait wait) {
    order = now;
    if (wait != null) {
      move(RunSignal.HOLD);
      reason = wait.what().forWhat();
      steps.hold(wait);
    }
  }

  /** A person vouches for its commit, for which it is held under this key: it begins. */
  void vouch(String key, CommitApproval approval) {
    move(RunSignal.WAKE);
    order = order.with(order.origin().approved(approval));
    reason = null;
    steps.letGo(key);
  }

  /** Takes over events of the engine; those with a known number must be left out before. */
  void report(List<EventEnvelope> events) {
    for (EventEnvelope envelope : events) {
      take(envelope.event(), envelope.at());
      lastSeq = envelope.seq();
    }
    steps.weigh();
    batches++;
    if (state != RunState.FINISHED) {
      steps.fold();
    }
  }

  private void take(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.RunStarted started -> begin(started, at);
      case RunEvent.RunResumed _ -> resume();
      case RunEvent.RunWaiting waiting -> park(waiting, at);
      case RunEvent.RunFinished finished -> {
        move(RunSignal.ENGINE_FINISH);
        engineSeen = true;
        steps.fold();
        boolean asWished = finished.outcome() == Outcome.CANCELLED && cancelReason != null;
        end(finished.outcome(), asWished ? cancelReason : finished.reason(), at);
      }
      default -> {
        move(RunSignal.STEP);
        if (steps.take(event, at)) {
          attempt = attempt.with(attempt.progress().atStep());
        }
      }
    }
  }

  /** An engine begins the present attempt, or another one because the workspace was lost. */
  private void begin(RunEvent.RunStarted event, Instant at) {
    move(RunSignal.ENGINE_START);
    boolean begun = attempt.progress().begun();
    int expected = begun ? attempt.number() + 1 : attempt.number();
    if (event.attempt() != expected) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "Attempt %d of %s cannot begin: %d is the next."
              .formatted(event.attempt(), before.id(), expected));
    }
    if (begun) {
      String why = event.reason() == null ? "The workspace was lost." : event.reason();
      PastAttempt ended = past(Outcome.ERRORED, why, at);
      archive(ended);
      another(attempt.afterLoss(ended));
    }
    attempt = attempt.begunFrom(event.from());
    engineSeen = true;
    startedAt = at;
  }

  private void resume() {
    if (!attempt.progress().begun()) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "Attempt %d of %s has not begun, so nothing can go on."
              .formatted(attempt.number(), before.id()));
    }
    move(state == RunState.RUNNING ? RunSignal.STEP : RunSignal.ENGINE_START);
    engineSeen = true;
  }

  /** An engine that waits again and again though it has an answer is no better than a dead one. */
  private void park(RunEvent.RunWaiting event, Instant at) {
    move(RunSignal.ENGINE_WAIT);
    reason = event.forWhat();
    steps.fold();
    attempt = attempt.with(attempt.progress().atWait(steps.isAnswered()));
    wakeIfWanted(at);
  }

  private PastAttempt past(Outcome how, @Nullable String why, Instant at) {
    return new PastAttempt(attempt.number(), how, why, startedAt, at);
  }

  /** Keeps the present attempt as one that has ended so. */
  private void archive(PastAttempt ended) {
    RunState now = state;
    end(ended.outcome(), ended.reason(), ended.finishedAt());
    state = RunState.FINISHED;
    archived.add(record().snapshot());
    state = now;
  }

  /** Nothing of the next attempt was done. */
  private void another(RunAttempt next) {
    attempt = next;
    steps = new StepDraft(before.order().plan());
    outcome = null;
    reason = next.reason();
    startedAt = null;
    finishedAt = null;
  }

  /** A person wants another attempt, in this workspace. */
  void rerun(@Nullable StepPath from, String why, String by, Instant now) {
    Outcome how = outcome;
    Instant ended = finishedAt;
    move(RunSignal.RERUN);
    if (how == null || ended == null) {
      throw new IllegalStateException("The run " + before.id() + " is over without an outcome.");
    }
    archived.add(before.snapshot());
    another(attempt.again(from, why, by, past(how, reason, ended)));
    queuedAt = now;
    cancelledBy = null;
    cancelReason = null;
    cancelledAt = null;
    release();
  }

  /** Stores an answer; false, and nothing changed, if its wait has one or the run is over. */
  boolean answer(Answer answer, Instant now) {
    if (state == RunState.FINISHED || !steps.answer(answer)) {
      return false;
    }
    wakeIfWanted(now);
    return true;
  }

  /** Its unit has ended: the run goes on with another one, or is over with its reason. */
  void unitEnded(LaunchEnd how, Instant now) {
    attempt = attempt.using(how.used());
    switch (state) {
      case QUEUED -> {}
      case CLAIMED, LAUNCHED, RUNNING -> died(how, RunSignal.UNIT_GONE, now);
      case WAITING -> {
        move(RunSignal.UNIT_GONE);
        release();
        wakeIfWanted(now);
      }
      case FINISHED -> {
        move(RunSignal.UNIT_END);
        holder = null;
        attempt = attempt.keptUntil(how.workspaceUntil());
      }
    }
  }

  /** Nothing was heard of its unit: a run that was only claimed goes back without a word. */
  void lost(String why, Instant now) {
    if (state == RunState.CLAIMED || state == RunState.WAITING) {
      move(RunSignal.LEASE_LOST);
      release();
      settleQueued(now);
      wakeIfWanted(now);
    } else {
      LaunchEnd end = new LaunchEnd(fence, LaunchEnd.Kind.LOST, null, why);
      died(end, RunSignal.LEASE_LOST, now);
    }
  }

  private void died(LaunchEnd how, RunSignal gone, Instant now) {
    attempt = attempt.with(UnitEnds.after(how, attempt.progress()));
    UnitEnds.Last last = UnitEnds.last(how, attempt.progress());
    if (cancelledBy != null) {
      // A launch that was made after that was told of it, and had its chance.
      boolean told = cancelledAt == null || (claimedAt != null && !claimedAt.isBefore(cancelledAt));
      boolean goesOn = last == null && !told && steps.isEnsureLeft();
      last = goesOn ? null : new UnitEnds.Last(Outcome.CANCELLED, how.reason());
    }
    if (last == null) {
      move(gone);
      release();
      reason = UnitEnds.again(how);
      return;
    }
    move(RunSignal.UNIT_END);
    holder = null;
    end(last.outcome(), last.reason(), now);
    attempt = attempt.keptUntil(how.workspaceUntil());
  }

  /** A cancelled run stays in the queue only if an engine has something left to do. */
  private void settleQueued(Instant now) {
    if (state == RunState.QUEUED && cancelledBy != null && !steps.isEnsureLeft()) {
      move(RunSignal.END_AT_ONCE);
      end(Outcome.CANCELLED, cancelReason, now);
    }
  }

  /** Puts a run that waits into the queue if it is to go on and no unit has it. */
  private void wakeIfWanted(Instant now) {
    if (state != RunState.WAITING) {
      return;
    }
    if (cancelledBy != null && !steps.isEnsureLeft()) {
      move(RunSignal.END_AT_ONCE);
      end(Outcome.CANCELLED, cancelReason, now);
    } else if (holder == null && UnitEnds.isFruitless(attempt.progress())) {
      move(RunSignal.END_AT_ONCE);
      end(Outcome.ERRORED, "lost: engine after engine did nothing with an answer", now);
    } else if (holder == null && (cancelledBy != null || steps.isAnswered())) {
      move(RunSignal.WAKE);
      reason = null;
    }
  }

  private void end(Outcome how, @Nullable String why, Instant at) {
    outcome = how;
    reason = why;
    finishedAt = at;
    steps.close(how, at);
  }
}
