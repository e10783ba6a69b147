package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;

/** Steps at the same time until one succeeds; the others are then cancelled and awaited. */
final class AnyOfExecution {
  private AnyOfExecution() {}

  static Ending run(List<PlannedStep> steps, Scope scope) {
    List<Ending.Of> endings =
        new Branches(steps, scope, null, AnyOfExecution::won, "'%s' succeeded first").run();
    return endings.stream().anyMatch(AnyOfExecution::won) ? Ending.SUCCEEDED : Ending.fold(endings);
  }

  private static boolean won(Ending.Of ended) {
    return ended.ending().outcome() == Outcome.SUCCEEDED;
  }
}
