package dev.pipewright.engine.execute;

import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;

/** Steps at the same time until one succeeds; the others are then cancelled and awaited. */
final class AnyOfExecution {
  private AnyOfExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    Branches branches =
        new Branches(execution, scope, null, AnyOfExecution::won, "'%s' succeeded first");
    List<Ending.Of> endings = branches.run();
    boolean won = branches.isDecided() || endings.stream().anyMatch(AnyOfExecution::won);
    return won ? Ending.SUCCEEDED : Ending.fold(endings);
  }

  private static boolean won(Ending.Of ended) {
    return ended.ending().outcome() == Outcome.SUCCEEDED;
  }
}
