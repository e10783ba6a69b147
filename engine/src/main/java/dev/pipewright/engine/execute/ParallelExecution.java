package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.work.Ending;

/**
 * Steps at the same time. All run to their end; with {@code failFast} the first one that is broken
 * and not allowed to be makes the others end.
 */
final class ParallelExecution {
  private ParallelExecution() {}

  static Ending run(Word.InParallel word, StepRun execution, Scope scope) {
    Branches branches =
        new Branches(
            execution,
            scope,
            word.atMost(),
            ended -> word.failFast() && ended.counted().isBroken(),
            "'%s' did not succeed");
    return Ending.fold(branches.run());
  }
}
