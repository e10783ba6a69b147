package dev.pipewright.dsl;

import java.util.List;

/** Gives the steps of an {@code expand} when the run gets there. */
@FunctionalInterface
public interface Fanout {

  /**
   * Makes the steps. It runs again when a lost engine is replaced, and must then make the same
   * ones. Their names must differ.
   *
   * @param step what the code can use
   * @return the steps, run one after the other
   * @throws Exception if they cannot be made; the step is then ERRORED
   */
  List<? extends Step> steps(StepContext step) throws Exception;
}
