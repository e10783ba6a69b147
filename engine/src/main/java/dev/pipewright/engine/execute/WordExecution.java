package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlannedStep;

/** Leads from a word to the class that executes it. */
final class WordExecution {
  private WordExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    PlannedStep step = execution.step();
    return switch (step.node().word()) {
      case Word.Checkout _ -> TaskExecution.checkout(execution, scope);
      case Word.Shell shell -> TaskExecution.shell(shell, execution, scope);
      case Word.Exec exec -> TaskExecution.exec(exec, execution, scope);
      case Word.Code code -> BodyExecution.run(code, execution, scope);
      case Word.Stage _ -> SequenceExecution.run(step.steps(), scope);
      case Word.InParallel parallel -> ParallelExecution.run(parallel, step.steps(), scope);
      case Word.AnyOf _ -> AnyOfExecution.run(step.steps(), scope);
      case Word.Choose choose -> ConditionExecution.choose(choose, step.steps(), scope);
      case Word.OnlyIf onlyIf -> ConditionExecution.onlyIf(onlyIf, step.steps(), scope);
      case Word.OnBranch onBranch -> ConditionExecution.onBranch(onBranch, step.steps(), scope);
      case Word.Expand _, Word.Approval _, Word.Downstream _ -> refused(step, scope);
      case Word.WithLock _, Word.WithCheckout _ -> refused(step, scope);
    };
  }

  private static Ending refused(PlannedStep step, Scope scope) {
    StepExecution.neverBegun(step.steps(), scope, Ending.skipped("not executed yet"));
    return Ending.errored("'" + step.node().word().keyword() + "' is not executed yet.");
  }
}
