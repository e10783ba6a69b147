package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.time.Instant;

/** The steps of a pipeline, one after the other, within the limit of the pipeline. */
public final class WholeRun {
  private WholeRun() {}

  /**
   * Runs all steps and returns how the run ended.
   *
   * @throws dev.pipewright.engine.waiting.ParkedException if nothing is left to do but to wait
   */
  public static Ending run(Planned planned, RunContext context, Cancellation cancellation) {
    Scope scope = new Scope(context, cancellation, planned.pipeline().env());
    Duration limit = planned.pipeline().timeout();
    if (limit == null) {
      return SequenceExecution.run(planned.steps(), scope);
    }
    Instant began = context.history().startedAt();
    Instant deadline =
        TimeoutExecution.deadline(began == null ? context.time().now() : began, limit);
    if (planned.steps().stream().allMatch(context.history()::isComplete)) {
      Ending ending = SequenceExecution.run(planned.steps(), scope);
      boolean ended = ending.outcome() == Outcome.CANCELLED && !scope.isCancelled();
      return ended && deadline.isBefore(context.time().now())
          ? new Ending(Outcome.TIMED_OUT, "took longer than " + TimeoutExecution.shown(limit))
          : ending;
    }
    return TimeoutExecution.run(
        limit, deadline, scope, inner -> SequenceExecution.run(planned.steps(), inner));
  }
}
