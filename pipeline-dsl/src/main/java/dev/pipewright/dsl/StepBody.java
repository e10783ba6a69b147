package dev.pipewright.dsl;

/**
 * The Java code of a step. It may run again after a crash or with {@code attempts}, so its effects
 * should be repeatable, and it must end when its thread is interrupted: that is how a cancel and a
 * timeout reach it.
 */
@FunctionalInterface
public interface StepBody {

  /**
   * Does the work. Returning means SUCCEEDED. Throwing what {@link StepContext#failure} gives means
   * FAILED; throwing anything else means ERRORED with the stack trace in the log.
   *
   * @param step what the body can use
   * @throws Exception if the work cannot be done
   */
  void run(StepContext step) throws Exception;
}
