package dev.pipewright.spawner;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as {@link FakeState} remembers it, which also guards it. */
final class FakeRun {
  final RunId id;
  final NewRun ordered;
  Phase phase = Phase.QUEUED;
  @Nullable Outcome outcome;
  long fence;
  @Nullable String unit;
  @Nullable LaunchEnd end;
  @Nullable Instant cancelledAt;
  @Nullable Instant finishedAt;
  int workspace = 1;

  FakeRun(RunId id, NewRun ordered) {
    this.id = id;
    this.ordered = ordered;
  }

  RunSnapshot snapshot() {
    return new RunSnapshot(
        id,
        id.pipeline(),
        id.number(),
        1,
        phase,
        outcome,
        null,
        ordered.source(),
        ordered.ref(),
        ordered.commit(),
        ordered.cause(),
        Instant.EPOCH,
        null,
        finishedAt,
        null,
        ordered.bundle(),
        null,
        1,
        List.of(),
        null,
        List.of(),
        List.of(),
        Origin.TRUSTED,
        null);
  }
}
