package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.StepState;
import dev.pipewright.protocol.run.StepState.Finished;
import dev.pipewright.protocol.run.StepState.Waiting;
import dev.pipewright.protocol.run.TestCounts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What becomes of the state of one step. Pure. */
final class StepChange {
  private StepChange() {}

  /** A step of which nothing has happened yet. */
  static StepSnapshot pending(StepPath path, String kind, boolean allowFailure) {
    return new StepSnapshot(
        path, kind, Phase.PENDING, null, null, null, null, 0, allowFailure, 0, List.of());
  }

  /** A step of a plan of which nothing has happened yet. */
  static StepSnapshot pending(PlanStep step) {
    StepPath path = step.path();
    if (path == null) {
      throw new IllegalArgumentException("Only steps with a path have a state.");
    }
    return pending(path, step.kind(), step.allowFailure());
  }

  /** The step is worked on in this attempt; the time of its first begin stays. */
  static StepSnapshot begun(StepSnapshot old, int attempt, Instant at) {
    Instant first = old.startedAt();
    return new StepSnapshot(
        old.path(),
        old.kind(),
        Phase.RUNNING,
        null,
        null,
        first == null ? at : first,
        null,
        attempt,
        old.allowFailure(),
        old.logBytes(),
        List.of());
  }

  /** The step is over. */
  static StepSnapshot ended(
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
        artifacts,
        old.tests(),
        old.testReport());
  }

  /** The step is in this state, without another time. */
  static StepSnapshot in(StepSnapshot old, StepState state) {
    @Nullable String reason = state instanceof Waiting(String forWhat) ? forWhat : null;
    @Nullable Outcome outcome = state instanceof Finished(Outcome how) ? how : null;
    return new StepSnapshot(
        old.path(),
        old.kind(),
        state.phase(),
        outcome,
        reason,
        old.startedAt(),
        outcome == null ? null : old.finishedAt(),
        old.attempt(),
        old.allowFailure(),
        old.logBytes(),
        old.artifacts(),
        old.tests(),
        old.testReport());
  }

  /** The wait of the step is over, and nothing else is known. */
  static StepSnapshot waited(StepSnapshot old) {
    return in(old, old.startedAt() == null ? new StepState.Pending() : new StepState.Running());
  }

  /** The step has reported tests. */
  static StepSnapshot tested(StepSnapshot old, TestCounts counts, BlobDigest report) {
    return with(old, old.logBytes(), counts, report);
  }

  /** The step has this much output. */
  static StepSnapshot sized(StepSnapshot old, long logBytes) {
    return logBytes == old.logBytes() ? old : with(old, logBytes, old.tests(), old.testReport());
  }

  private static StepSnapshot with(
      StepSnapshot old, long logBytes, @Nullable TestCounts tests, @Nullable BlobDigest report) {
    return new StepSnapshot(
        old.path(),
        old.kind(),
        old.state(),
        old.outcome(),
        old.reason(),
        old.startedAt(),
        old.finishedAt(),
        old.attempt(),
        old.allowFailure(),
        logBytes,
        old.artifacts(),
        tests,
        report);
  }
}
