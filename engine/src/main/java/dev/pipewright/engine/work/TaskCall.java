package dev.pipewright.engine.work;

import dev.pipewright.engine.log.StepLog;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import dev.pipewright.engine.step.Facts;
import java.util.Map;

/**
 * One attempt of one task. Immutable.
 *
 * @param step the task
 * @param attempt counts from 1
 * @param facts what is known of the run
 * @param commands runs its commands, in the folder it works in
 * @param environment the variables of its commands, secrets included
 * @param secrets values of the secrets it declares, by name
 * @param log takes what it prints
 * @param cancellation ends it
 */
public record TaskCall(
    PlannedStep step,
    int attempt,
    Facts facts,
    Commands commands,
    Map<String, String> environment,
    Map<String, String> secrets,
    StepLog log,
    Cancellation cancellation) {
  public TaskCall {
    environment = Map.copyOf(environment);
    secrets = Map.copyOf(secrets);
  }

  /** The same call with other commands. */
  public TaskCall with(Commands others) {
    return new TaskCall(step, attempt, facts, others, environment, secrets, log, cancellation);
  }

  /** The ending of work that was told to end. */
  Ending cancelled() {
    return Ending.cancelled(cancellation.reason());
  }

  @Override
  public String toString() {
    return "TaskCall[" + step.key() + ", attempt " + attempt + "]";
  }
}
