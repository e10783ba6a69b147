package dev.pipewright.dsl;

/** A question about the run, asked when the step that depends on it is reached. */
@FunctionalInterface
public interface Condition {

  /**
   * Answers. It must have no effects, because it may be asked again after a crash.
   *
   * @param run what is known of the run
   * @return whether the condition holds
   * @throws Exception if there is no answer; the step is then ERRORED
   */
  boolean holds(RunFacts run) throws Exception;
}
