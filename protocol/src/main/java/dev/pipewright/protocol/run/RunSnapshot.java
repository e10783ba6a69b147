package dev.pipewright.protocol.run;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as it stands now, as the API shows it.
 *
 * @param attempt 1 for the first
 * @param outcome how it ended; present exactly when finished
 * @param reason why it ended so, in words
 * @param cancelRequestedBy who asked to cancel it, if anybody did
 * @param bundle the compiled pipeline code it is pinned to
 * @param image the runtime image it is pinned to; null without containers
 * @param version grows with every change of this run
 * @param steps every addressed step in the order of the plan; empty in lists
 * @param plan the shape of the pipeline; null in lists
 * @param waits what it waits for, oldest first; also in lists
 * @param attempts the earlier attempts, oldest first; also in lists
 * @param origin where its commit comes from, and how far that is trusted
 * @param used what the units of this attempt took up; null until one has ended
 */
public record RunSnapshot(
    RunId id,
    PipelineName pipeline,
    long number,
    int attempt,
    Phase state,
    @Nullable Outcome outcome,
    @Nullable String reason,
    SourceName source,
    String ref,
    CommitId commit,
    Cause cause,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String cancelRequestedBy,
    BlobDigest bundle,
    @Nullable String image,
    long version,
    List<StepSnapshot> steps,
    @Nullable Plan plan,
    List<OpenWait> waits,
    List<PastAttempt> attempts,
    Origin origin,
    @Nullable ResourceUse used) {

  public RunSnapshot {
    if ((state == Phase.FINISHED) != (outcome != null)) {
      throw new IllegalArgumentException("A run has an outcome exactly when it is finished.");
    }
    steps = List.copyOf(steps);
    waits = waits == null ? List.of() : List.copyOf(waits);
    attempts = attempts == null ? List.of() : List.copyOf(attempts);
    origin = origin == null ? Origin.UNKNOWN : origin;
  }

  /** This run without its steps and plan, as lists show it. */
  public RunSnapshot summary() {
    return withSteps(List.of(), null);
  }

  /** This run with other steps and another plan. */
  public RunSnapshot withSteps(List<StepSnapshot> others, @Nullable Plan other) {
    return new RunSnapshot(
        id,
        pipeline,
        number,
        attempt,
        state,
        outcome,
        reason,
        source,
        ref,
        commit,
        cause,
        queuedAt,
        startedAt,
        finishedAt,
        cancelRequestedBy,
        bundle,
        image,
        version,
        others,
        other,
        waits,
        attempts,
        origin,
        used);
  }
}
