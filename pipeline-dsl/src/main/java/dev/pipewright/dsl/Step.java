package dev.pipewright.dsl;

import java.time.Duration;

/**
 * Any node of a pipeline: a {@link Task}, a {@link Group}, a {@link Parallel}, an {@link Approval}
 * or a {@link Downstream}. Users do not implement it; they write methods that return steps.
 * Immutable: every modifier returns a new step.
 *
 * <p>The order in which modifiers are called does not matter. They always nest as {@code
 * ensure(onFailure(attempts(timeout(body))))}, so a timeout holds for one attempt, {@code
 * onFailure} runs after the last attempt, and {@code ensure} runs last in any case.
 */
public sealed interface Step permits Task, Group, Parallel, Approval, Downstream {

  /**
   * Limits one attempt. When the time is over the work is cancelled: processes get SIGTERM, after a
   * grace SIGKILL, a body is interrupted. The step is TIMED_OUT and the steps inside it CANCELLED.
   *
   * @param limit longer than nothing
   * @return this step with the limit
   */
  Step timeout(Duration limit);

  /**
   * Lets the run go on if this step does not succeed. The step keeps its own outcome; what contains
   * it counts it as a success. A cancelled run stays cancelled.
   *
   * @return this step, allowed to fail
   */
  Step allowFailure();

  /**
   * Adds a step that runs after the last attempt if the outcome is FAILED, ERRORED or TIMED_OUT,
   * not if the run was cancelled. It does not heal the outcome; if it does not succeed itself, the
   * worse outcome counts. Several of them run in the order they were added.
   *
   * @param step what to run; its path lies below this step
   * @return this step with the addition
   */
  Step onFailure(Step step);

  /**
   * Adds a step that runs last however this one ended: success, failure, error, timeout or cancel.
   * It is not run if this step was never begun. It has ten minutes if it has no own timeout. If it
   * does not succeed, the worse outcome counts. Several of them run in the order they were added.
   *
   * @param step what to run; its path lies below this step
   * @return this step with the addition
   */
  Step ensure(Step step);
}
