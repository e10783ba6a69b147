package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.step.Cancellation;
import java.time.Duration;

/** The steps of a pipeline, one after the other, within the limit of the pipeline. */
public final class WholeRun {
  private WholeRun() {}

  /** Runs all steps and returns how the run ended. */
  public static Ending run(Planned planned, RunContext context, Cancellation cancellation) {
    Scope scope = new Scope(context, cancellation, planned.pipeline().env());
    Duration limit = planned.pipeline().timeout();
    return limit == null
        ? SequenceExecution.run(planned.steps(), scope)
        : TimeoutExecution.run(
            limit, scope, inner -> SequenceExecution.run(planned.steps(), inner));
  }
}
