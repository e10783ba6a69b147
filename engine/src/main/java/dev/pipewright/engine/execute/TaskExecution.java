package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.side.Services;
import dev.pipewright.engine.side.SideCommands;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.engine.work.TaskCall;
import dev.pipewright.engine.work.Work;
import java.util.HashMap;
import java.util.Map;

/** Hands a task to whoever performs it, once it has all that it asks for. */
final class TaskExecution {
  private TaskExecution() {}

  static Ending run(StepRun execution, Scope scope) {
    Ending refused = execution.supplies().fetch(scope);
    if (refused != null) {
      return refused;
    }
    return execution.step().node().modifiers().services().isEmpty()
        ? perform(execution, scope)
        : besideServices(execution, scope);
  }

  private static Ending perform(StepRun execution, Scope scope) {
    Work.Done done = scope.run().work().perform(inItsImage(call(execution, scope), scope));
    execution.left(done.outputs());
    return done.ending();
  }

  private static Ending besideServices(StepRun execution, Scope scope) {
    RunContext run = scope.run();
    try (Services services =
        new Services(run.surroundings().sides(), run.time(), execution.log()::line)) {
      String problem;
      try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
        problem = services.start(execution.step().node().modifiers().services());
      }
      if (problem != null) {
        execution.log().line(problem);
        return Ending.errored(problem);
      }
      Ending ending = perform(execution, scope);
      if (ending.isBroken()) {
        services.tellEnded();
      }
      return ending;
    } catch (InterruptedException e) {
      return Ending.cancelled(scope.cancellation().reason());
    }
  }

  private static TaskCall inItsImage(TaskCall call, Scope scope) {
    Modifiers modifiers = call.step().node().modifiers();
    Word word = call.step().node().word();
    boolean command = word instanceof Word.Shell || word instanceof Word.Exec;
    return modifiers
        .image()
        .filter(_ -> command)
        .map(
            image ->
                call.with(
                    new SideCommands(
                        call.commands(),
                        scope.run().surroundings().sides(),
                        image,
                        scope.environment(),
                        call.log()::line)))
        .orElse(call);
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
