package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is kept: what was asked for, where it stands, and who holds it.
 *
 * @param fence number of the last claim; 0 before the first
 * @param holder who holds it; null when nobody does, also after its unit is gone
 * @param tokenHash hash of the token of the last claim; null once the run was taken from it
 * @param lastSeq the last event of this fence that is in {@code steps}
 * @param batches how many event batches of this fence were stored
 * @param version grows with every change
 * @param attempt the present attempt
 */
public record RunRecord(
    RunId id,
    NewRun order,
    Instant queuedAt,
    RunState state,
    @Nullable Outcome outcome,
    @Nullable String reason,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant claimedAt,
    @Nullable String cancelledBy,
    @Nullable String cancelReason,
    @Nullable Instant cancelledAt,
    long fence,
    @Nullable String holder,
    @Nullable String unit,
    @Nullable String image,
    @Nullable String tokenHash,
    boolean engineSeen,
    long lastSeq,
    int batches,
    long version,
    List<StepSnapshot> steps,
    RunAttempt attempt) {

  public RunRecord {
    steps = List.copyOf(steps);
  }

  /** A run of which nothing has happened yet. */
  static RunRecord queued(RunId id, NewRun order, Instant now) {
    return new RunRecord(
        id,
        order,
        now,
        RunState.QUEUED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        null,
        null,
        null,
        null,
        false,
        0,
        0,
        1,
        StepDraft.pending(order.plan()),
        RunAttempt.first(false));
  }

  /** True once the run is over. */
  public boolean over() {
    return state == RunState.FINISHED;
  }

  /** True while somebody must still do something about it. */
  public boolean open() {
    return !over() || holder != null;
  }

  /** What a launch is told. */
  Control control() {
    return new Control(
        over(), cancelledBy, cancelReason, cancelledAt, attempt.told().answers(), engineSeen);
  }

  /** The run as the API shows it, with its steps and its plan. */
  RunSnapshot snapshot() {
    return snapshot(steps);
  }

  /** The same with other steps. */
  RunSnapshot snapshot(List<StepSnapshot> shown) {
    return new RunSnapshot(
        id,
        id.pipeline(),
        id.number(),
        attempt.number(),
        state.phase(),
        outcome,
        reason,
        order.source(),
        order.ref(),
        order.commit(),
        order.cause(),
        queuedAt,
        startedAt,
        finishedAt,
        cancelledBy,
        order.bundle(),
        image,
        version,
        shown,
        plan(),
        attempt.told().waits(),
        attempt.past(),
        order.origin(),
        attempt.used());
  }

  /** The plan with the steps that became known on the way. */
  Plan plan() {
    return RunPlans.with(order.plan(), attempt.told().expansions());
  }

  /** True if a launch has it: only that one may write. */
  boolean isLaunched() {
    return state != RunState.QUEUED && tokenHash != null;
  }
}
