package dev.pipewright.engine.execute;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.git.CheckoutException;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.CommandException;
import dev.pipewright.engine.step.Commands;
import java.util.List;
import java.util.Map;

/** Tasks that are processes: a shell command, a program, the checkout. */
final class TaskExecution {
  private TaskExecution() {}

  static Ending shell(Word.Shell word, StepRun execution, Scope scope) {
    Commands commands = scope.run().commands();
    return command(commands.shell(word.command(), List.of()), execution, scope);
  }

  static Ending exec(Word.Exec word, StepRun execution, Scope scope) {
    return command(word.command(), execution, scope);
  }

  private static Ending command(List<String> command, StepRun execution, Scope scope) {
    Commands commands = scope.run().commands();
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      int exitCode = commands.run(command, environment(execution, scope), execution.log(), null);
      if (exitCode == 0) {
        return Ending.SUCCEEDED;
      }
      return scope.isCancelled()
          ? Ending.cancelled(scope.cancellation().reason())
          : Ending.failed("exit code " + exitCode);
    } catch (CommandException e) {
      execution.log().line(String.valueOf(e.getMessage()));
      return Ending.errored(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return Ending.cancelled(scope.cancellation().reason());
    }
  }

  static Ending checkout(StepRun execution, Scope scope) {
    RunContext run = scope.run();
    try (Cancellation.Registration _ = scope.cancellation().interruptingMe()) {
      run.checkout().into(run.commands(), execution.log());
      return Ending.SUCCEEDED;
    } catch (CheckoutException e) {
      execution.log().line(String.valueOf(e.getMessage()));
      return scope.isCancelled()
          ? Ending.cancelled(scope.cancellation().reason())
          : Ending.errored(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return Ending.cancelled(scope.cancellation().reason());
    }
  }

  static Map<String, String> environment(StepRun execution, Scope scope) {
    String path = execution.path() == null ? "" : execution.path().value();
    return scope.run().facts().environment(path, scope.environment(), scope.run().commands());
  }
}
