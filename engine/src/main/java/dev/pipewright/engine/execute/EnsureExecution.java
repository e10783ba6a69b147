package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.work.Ending;
import java.time.Duration;
import java.util.List;

/**
 * What runs after a step however it ended. A cancel of the run does not reach it, nor do the limits
 * around it; only the end of the engine itself does. Each of the steps has ten minutes unless it
 * has a limit of its own, and one that fails does not keep the next from running.
 */
final class EnsureExecution {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private EnsureExecution() {}

  static Ending run(PlannedStep step, Ending ending, Scope scope) {
    Ending worst = ending;
    for (PlannedStep last : step.ensure()) {
      try (Cancellation fresh = scope.run().abort().child()) {
        Ending ended = limited(last, scope.unlimited(fresh));
        Ending.Of counted = new Ending.Of(last, ended);
        worst = worst.orWorse(Ending.fold(List.of(counted)));
      }
    }
    return worst;
  }

  private static Ending limited(PlannedStep step, Scope scope) {
    return step.node().modifiers().timeout().isPresent()
        ? StepExecution.run(step, scope)
        : TimeoutExecution.run(
            LIMIT,
            TimeoutExecution.deadline(scope.run().time().now(), LIMIT),
            scope,
            inner -> StepExecution.run(step, inner));
  }
}
