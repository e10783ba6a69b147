package dev.pipewright.engine.execute;

import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.TaskCall;
import dev.pipewright.engine.work.Work;
import java.util.HashMap;
import java.util.Map;

/** Hands a task to whoever performs it. */
final class TaskExecution {
  private TaskExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    Ending refused = execution.supplies().fetch(scope);
    if (refused != null) {
      return refused;
    }
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
        execution.supplies().secrets(),
        execution.log(),
        scope.cancellation());
  }

  private static Map<String, String> environment(StepRun execution, Scope scope) {
    String path = execution.path() == null ? "" : execution.path().value();
    Map<String, String> declared = scope.environment();
    Map<String, String> secrets = execution.supplies().secrets();
    if (!secrets.isEmpty()) {
      declared = new HashMap<>(declared);
      declared.putAll(secrets);
    }
    return scope.run().facts().environment(path, declared, scope.commands());
  }
}
