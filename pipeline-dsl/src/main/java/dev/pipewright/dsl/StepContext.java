package dev.pipewright.dsl;

import java.nio.file.Path;
import java.util.Optional;

/** What the body of a step can use. Valid only while the body runs; usable from its threads. */
public interface StepContext {

  /**
   * Runs a shell command in the workspace and waits for its end. Its output also goes to the log of
   * the step. An exit code other than zero does not throw.
   *
   * @param command what the shell runs; never put values from commits into it, give them as
   *     arguments
   * @param args positional parameters appended to the command, so that {@code sh("./deploy.sh",
   *     version)} passes the version safely
   * @return its output and exit code
   * @throws InterruptedException if the step is cancelled or its time is over; the processes are
   *     ended
   */
  ShellResult sh(String command, String... args) throws InterruptedException;

  /**
   * Runs a program without a shell; otherwise as {@link #sh}.
   *
   * @param program its name or path
   * @param args its arguments
   * @return its output and exit code
   * @throws InterruptedException if the step is cancelled or its time is over
   */
  ShellResult exec(String program, String... args) throws InterruptedException;

  /**
   * Leaves a value for later steps. A second value for the same output replaces the first.
   *
   * @param <T> the type of the value
   * @param output which output
   * @param value its value
   */
  <T> void set(Output<T> output, T value);

  /**
   * Reads what an earlier step left.
   *
   * @param <T> the type of the value
   * @param output which output
   * @return its value
   * @throws IllegalStateException if no step has set it
   */
  <T> T get(Output<T> output);

  /**
   * Reads what an approval was given.
   *
   * @param <T> the type of the value
   * @param parameter which parameter
   * @return its value, or its default if none was given
   * @throws IllegalStateException if no approval that takes it was given
   */
  default <T> T get(Parameter<T> parameter) {
    return get(parameter.output());
  }

  /**
   * Reads a secret the step declares with {@link Task#needs}. Its value is hidden wherever the step
   * prints it; commands of this body see it as an environment variable anyway.
   *
   * @param secret which secret
   * @return its value
   * @throws IllegalStateException if the step does not declare it
   */
  default String secret(Secret secret) {
    throw new IllegalStateException(
        "The secret '%s' is read but not declared. Declare it with needs(secret(\"%s\"))."
            .formatted(secret.name(), secret.name()));
  }

  /**
   * Makes the exception that ends the step as FAILED: {@code throw step.failure("why")}.
   *
   * @param message why, for people
   * @return the exception to throw
   */
  StepFailedException failure(String message);

  /**
   * Writes a line to the log of the step.
   *
   * @param line the line, without its end
   */
  void log(String line);

  /** {@return the directory the run works in} */
  Path workspace();

  /** {@return what is known of the run} */
  RunFacts run();

  /**
   * Reads a parameter the run was started with.
   *
   * @param name its name
   * @return its value, if it was given
   */
  Optional<String> parameter(String name);
}
