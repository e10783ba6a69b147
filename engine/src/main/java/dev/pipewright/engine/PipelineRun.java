package dev.pipewright.engine;

import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.WholeRun;
import dev.pipewright.engine.history.Opening;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.waiting.ParkedException;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.event.RunEvent;
import java.io.IOException;
import java.util.List;

/** One launch of a run, from its first event to its last. */
public final class PipelineRun {
  /** The version of this engine, as reported. */
  public static final String VERSION = "0.1.0";

  private PipelineRun() {}

  /** How a launch ended. */
  public sealed interface End {}

  /** The run is over. */
  public record Finished(Ending ending) implements End {}

  /**
   * Nothing is left to do but to wait; another launch goes on.
   *
   * @param waits what for, oldest first
   */
  public record Waiting(List<Waits.Request> waits) implements End {
    public Waiting {
      waits = List.copyOf(waits);
    }
  }

  /**
   * Runs a pipeline until it is over or has nothing to do but to wait, on the calling thread.
   *
   * @param opening how the launch begins
   * @param base what the steps share; its history is replaced by that of the opening
   * @param cancellation ends the run as CANCELLED; {@code ensure} steps still run
   */
  public static End run(
      Planned planned, Opening opening, RunContext base, Cancellation cancellation) {
    RunContext context = base.with(opening.history());
    opening.events().forEach(context.reporter()::event);
    context.facts().outputs().restore(opening.history().outputs());
    if (opening.history().attempt() > 0) {
      awaitOrders(context);
    }
    try {
      Ending ending = ending(planned, context, cancellation);
      context
          .reporter()
          .event(
              new RunEvent.RunFinished(
                  ending.outcome(), context.mask().textOrNull(ending.reason())));
      return new Finished(ending);
    } catch (ParkedException e) {
      List<Waits.Request> waits = context.waits().left();
      context.reporter().event(new RunEvent.RunWaiting(words(waits)));
      return new Waiting(waits);
    }
  }

  /**
   * The answer to the first event of a continued run tells whether somebody has cancelled it
   * meanwhile; nothing is to begin before that is known.
   */
  private static void awaitOrders(RunContext context) {
    try {
      context.reporter().flush();
    } catch (IOException e) {
      context.abort().cancel("nothing can be reported: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Ending ending(Planned planned, RunContext context, Cancellation cancellation) {
    try {
      return WholeRun.run(planned, context, cancellation);
    } catch (ParkedException e) {
      throw e;
    } catch (RuntimeException e) {
      context.abort().cancel("the engine failed");
      return Ending.errored("The engine failed: " + e);
    }
  }

  private static String words(List<Waits.Request> waits) {
    List<String> words = waits.stream().map(each -> each.what().forWhat()).distinct().toList();
    return words.size() <= 3
        ? String.join("; ", words)
        : String.join("; ", words.subList(0, 3)) + "; and %d more".formatted(words.size() - 3);
  }
}
