package dev.pipewright.engine;

import dev.pipewright.engine.execute.Ending;
import dev.pipewright.engine.execute.RunContext;
import dev.pipewright.engine.execute.WholeRun;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.protocol.event.RunEvent;

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
    Ending ending = WholeRun.run(planned, context, cancellation);
    context.reporter().event(new RunEvent.RunFinished(ending.outcome(), ending.reason()));
    return ending;
  }
}
