package dev.pipewright.engine;

import dev.pipewright.engine.execute.Ending;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.WholeRun;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;

/** One run from its first event to its last. */
public final class PipelineRun {
  /** The version of this engine, as reported. */
  static final String VERSION = "0.1.0";

  private PipelineRun() {}

  /**
   * Runs a pipeline to its end, whatever that is, on the calling thread.
   *
   * @param cancellation ends the run as CANCELLED; {@code ensure} steps still run
   */
  public static Ending run(Planned planned, RunContext context, Cancellation cancellation) {
    context.reporter().event(new RunEvent.RunStarted(VERSION));
    Ending ending = ending(planned, context, cancellation);
    context.reporter().event(new RunEvent.RunFinished(ending.outcome(), ending.reason()));
    return ending;
  }

  private static Ending ending(Planned planned, RunContext context, Cancellation cancellation) {
    try {
      return WholeRun.run(planned, context, cancellation);
    } catch (RuntimeException e) {
      context.abort().cancel("the engine failed");
      return new Ending(Outcome.ERRORED, "The engine failed: " + e);
    }
  }
}
