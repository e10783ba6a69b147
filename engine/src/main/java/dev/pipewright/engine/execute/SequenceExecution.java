package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * One step after the other. The first that does not count as a success ends the sequence; the later
 * ones are SKIPPED, or CANCELLED if that is how it ended.
 */
final class SequenceExecution {
  private SequenceExecution() {}

  static Ending run(List<PlannedStep> steps, Scope scope) {
    List<Ending.Of> endings = new ArrayList<>(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      Ending.Of ended = new Ending.Of(steps.get(i), StepExecution.run(steps.get(i), scope));
      endings.add(ended);
      if (ended.counted() != Outcome.SUCCEEDED) {
        Ending rest =
            scope.isCancelled()
                ? Ending.cancelled(scope.cancellation().reason())
                : Ending.skipped("after " + ended.step().shownName());
        StepExecution.neverBegun(steps.subList(i + 1, steps.size()), scope, rest);
        break;
      }
    }
    return Ending.fold(endings);
  }
}
