package dev.pipewright.protocol.run;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One addressed step of a run as it stands now.
 *
 * @param state where it stands; never QUEUED
 * @param outcome how it ended; present exactly when finished
 * @param reason why it ended so, in words; null where the outcome says it all
 * @param logBytes how many bytes of output are stored
 * @param tests the tests it reported; null if there are none
 * @param testReport blob of its {@link TestReport}; null if there is none
 */
public record StepSnapshot(
    StepPath path,
    String kind,
    Phase state,
    @Nullable Outcome outcome,
    @Nullable String reason,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    int attempt,
    boolean allowFailure,
    long logBytes,
    List<Artifact> artifacts,
    @Nullable TestCounts tests,
    @Nullable BlobDigest testReport) {

  public StepSnapshot {
    if ((state == Phase.FINISHED) != (outcome != null)) {
      throw new IllegalArgumentException("A step has an outcome exactly when it is finished.");
    }
    artifacts = List.copyOf(artifacts);
  }

  /** A step without tests. */
  public StepSnapshot(
      StepPath path,
      String kind,
      Phase state,
      @Nullable Outcome outcome,
      @Nullable String reason,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      int attempt,
      boolean allowFailure,
      long logBytes,
      List<Artifact> artifacts) {
    this(
        path,
        kind,
        state,
        outcome,
        reason,
        startedAt,
        finishedAt,
        attempt,
        allowFailure,
        logBytes,
        artifacts,
        null,
        null);
  }
}
