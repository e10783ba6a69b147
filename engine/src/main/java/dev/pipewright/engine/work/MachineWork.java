package dev.pipewright.engine.work;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.git.Checkout;
import dev.pipewright.engine.git.CheckoutException;
import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Command;
import dev.pipewright.engine.step.CommandException;
import java.util.ArrayList;
import java.util.List;

/** Performs tasks with processes, threads and git. Thread-safe. */
public final class MachineWork implements Work {
  private final Checkout checkout;

  /** {@code checkout} brings the commit of the run. */
  public MachineWork(Checkout checkout) {
    this.checkout = checkout;
  }

  @Override
  public Done perform(TaskCall call) {
    Word word = call.step().node().word();
    return switch (word) {
      case Word.Checkout _ -> new Done(checkout(call));
      case Word.Shell shell -> new Done(command(Command.shell(shell.command()), call));
      case Word.Exec exec -> new Done(command(new Command.Program(exec.command()), call));
      case Word.Code code -> BodyExecution.run(call, context -> code.body().run(context));
      case Word.Approval _, Word.Downstream _, Word.Expand _ -> throw noTask(word);
      case Word.Stage _, Word.InParallel _, Word.AnyOf _, Word.Choose _ -> throw noTask(word);
      case Word.OnlyIf _, Word.OnBranch _, Word.WithLock _, Word.WithCheckout _ ->
          throw noTask(word);
    };
  }

  @Override
  public Expanded expand(TaskCall call) {
    if (!(call.step().node().word() instanceof Word.Expand word)) {
      throw noTask(call.step().node().word());
    }
    List<StepNode> steps = new ArrayList<>();
    Done done = BodyExecution.run(call, context -> steps.addAll(word.expansion().steps(context)));
    return new Expanded(
        done, done.ending().outcome() == Ending.SUCCEEDED.outcome() ? steps : List.of());
  }

  private static IllegalArgumentException noTask(Word word) {
    return new IllegalArgumentException("'" + word.keyword() + "' is no task.");
  }

  private static Ending command(Command command, TaskCall call) {
    try (Cancellation.Registration _ = call.cancellation().interruptingMe();
        StepLog.Channel out = call.log().channel()) {
      int exitCode = call.commands().run(command, call.environment(), out, null);
      if (exitCode == 0) {
        return Ending.SUCCEEDED;
      }
      return call.cancellation().isCancelled()
          ? call.cancelled()
          : Ending.failed("exit code " + exitCode);
    } catch (CommandException e) {
      call.log().line(String.valueOf(e.getMessage()));
      return Ending.errored(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return call.cancelled();
    }
  }

  private Ending checkout(TaskCall call) {
    try (Cancellation.Registration _ = call.cancellation().interruptingMe()) {
      checkout.into(call.commands(), call.environment(), call.log());
      return Ending.SUCCEEDED;
    } catch (CheckoutException e) {
      call.log().line(String.valueOf(e.getMessage()));
      return call.cancellation().isCancelled()
          ? call.cancelled()
          : Ending.errored(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return call.cancelled();
    }
  }
}
