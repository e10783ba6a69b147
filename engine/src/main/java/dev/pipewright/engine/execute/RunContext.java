package dev.pipewright.engine.execute;

import dev.pipewright.engine.git.Repositories;
import dev.pipewright.engine.history.History;
import dev.pipewright.engine.log.Mask;
import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Work;

/**
 * What all steps of one launch of one run share. Thread-safe.
 *
 * @param facts what is known of the run
 * @param commands starts processes
 * @param work performs tasks
 * @param repositories brings other repositories
 * @param reporter is told everything
 * @param selection which steps are wanted
 * @param abort ends everything, {@code ensure} steps too; nothing can be reported any more or
 *     nobody wants to wait
 * @param time the clock
 * @param activity which branches are alive and which are blocked
 * @param waits what is waited for
 * @param history what engines before this one have done in this attempt
 * @param mask hides secrets in what steps print
 * @param surroundings what steps may ask for
 */
public record RunContext(
    Facts facts,
    Commands commands,
    Work work,
    Repositories repositories,
    Reporter reporter,
    Selection selection,
    Cancellation abort,
    EngineTime time,
    Activity activity,
    Waits waits,
    History history,
    Mask mask,
    Surroundings surroundings) {

  /** The same for an attempt about which {@code other} is known. */
  public RunContext with(History other) {
    return new RunContext(
        facts,
        commands,
        work,
        repositories,
        reporter,
        selection,
        abort,
        time,
        activity,
        waits,
        other,
        mask,
        surroundings);
  }
}
