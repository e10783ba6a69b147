package dev.pipewright.dsl;

import java.util.Optional;

/** What is known of a run. Text from commits and refs is untrusted. */
public interface RunFacts {

  /** {@return the name of the pipeline} */
  String pipeline();

  /** {@return the number of the run, counted from 1 per pipeline} */
  long number();

  /** {@return the full hash of the commit; empty in a local run outside a repository} */
  String commit();

  /** {@return the full ref, such as {@code refs/heads/main}; empty if there is none} */
  String ref();

  /** {@return the name of the branch, if the run is of a branch} */
  Optional<String> branch();

  /** {@return the name of the source} */
  String source();

  /**
   * Reads a parameter the run was started with.
   *
   * @param name its name
   * @return its value, if it was given
   */
  Optional<String> parameter(String name);

  /**
   * Reads what an earlier step left.
   *
   * @param <T> the type of the value
   * @param output which output
   * @return its value, if a step has set it
   */
  <T> Optional<T> output(Output<T> output);

  /**
   * Reads what an approval was given.
   *
   * @param <T> the type of the value
   * @param parameter which parameter
   * @return its value, if an approval that takes it was given
   */
  default <T> Optional<T> output(Parameter<T> parameter) {
    return output(parameter.output());
  }
}
