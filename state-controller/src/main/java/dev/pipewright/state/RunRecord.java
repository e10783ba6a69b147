package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.Outcome;
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
 * @param tokenHash hash of the token of the last claim
 * @param lastSeq the last event of this fence that is in {@code steps}
 * @param batches how many event batches of this fence were stored
 * @param version grows with every change
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
    List<StepSnapshot> steps) {

  public RunRecord {
    steps = List.copyOf(steps);
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
    return new Control(over(), cancelledBy, cancelReason, cancelledAt);
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
        1,
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
        order.plan());
  }
}
