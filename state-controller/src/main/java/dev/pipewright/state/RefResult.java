package dev.pipewright.state;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last result of a pipeline on one ref; cancelled runs are none.
 *
 * @param last the run, without steps and plan
 * @param since when this result was first had, without another one since
 * @param brokenBy whose commit broke it; null while it is not broken
 */
public record RefResult(
    RunSnapshot last, Instant since, @Nullable String brokenBy, List<StageResult> stages) {

  public RefResult {
    stages = List.copyOf(stages);
  }

  /** The same with an equal run. */
  RefResult with(RunSnapshot equal) {
    return new RefResult(equal, since, brokenBy, stages);
  }

  /** The last result of one stage; skipped and cancelled ones are none. */
  public record StageResult(String name, Outcome outcome, String label, Instant finishedAt) {}
}
