package dev.pipewright.engine.execute;

import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.TaskCall;
import dev.pipewright.engine.work.Work;
import java.util.Map;

/** Hands a task to whoever performs it. */
final class TaskExecution {
  private TaskExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    Work.Done done = scope.run().work().perform(call(execution, scope));
    execution.left(done.outputs());
    return done.ending();
  }

  static TaskCall call(StepRun execution, Scope scope) {
    return new TaskCall(
        execution.step(),
        execution.attempt(),
        scope.run().facts(),
        scope.commands(),
        environment(execution, scope),
        Map.of(),
        execution.log(),
        scope.cancellation());
  }

  private static Map<String, String> environment(StepRun execution, Scope scope) {
    String path = execution.path() == null ? "" : execution.path().value();
    return scope.run().facts().environment(path, scope.environment(), scope.commands());
  }
}
