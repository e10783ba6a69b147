package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.work.Ending;

/** Leads from a word to the class that executes it. */
final class WordExecution {
  private WordExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    PlannedStep step = execution.step();
    return switch (step.node().word()) {
      case Word.Checkout _, Word.Shell _, Word.Exec _ -> TaskExecution.run(execution, scope);
      case Word.Code _ -> TaskExecution.run(execution, scope);
      case Word.Stage _, Word.WithLock _ -> SequenceExecution.run(step.steps(), scope);
      case Word.InParallel parallel -> ParallelExecution.run(parallel, execution, scope);
      case Word.AnyOf _ -> AnyOfExecution.run(execution, scope);
      case Word.Choose choose -> ConditionExecution.choose(choose, execution, scope);
      case Word.OnlyIf onlyIf -> ConditionExecution.onlyIf(onlyIf, execution, scope);
      case Word.OnBranch onBranch -> ConditionExecution.onBranch(onBranch, step.steps(), scope);
      case Word.Expand _ -> ExpandExecution.run(execution, scope);
      case Word.Approval approval -> ApprovalExecution.run(approval, execution, scope);
      case Word.Downstream downstream -> DownstreamExecution.run(downstream, execution, scope);
      case Word.WithCheckout other -> RepositoryExecution.run(other, execution, scope);
    };
  }
}
