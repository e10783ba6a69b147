package dev.pipewright.engine.execute;

import dev.pipewright.engine.history.History;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.step.Commands;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step inherits from where it is. Immutable.
 *
 * @param run what all steps share
 * @param cancellation ends it
 * @param environment the variables declared around it
 * @param history what is known of it and of what it holds
 * @param commands run in the folder the steps work in
 * @param deadline when the first of the limits around it is over; null without a limit
 * @param round in which attempt each repeatable container around it is, as {@code .1.2}
 */
record Scope(
    RunContext run,
    Cancellation cancellation,
    Map<String, String> environment,
    History history,
    Commands commands,
    @Nullable Instant deadline,
    String round) {
  Scope {
    environment = Map.copyOf(environment);
  }

  /** Where a whole run begins. */
  Scope(RunContext run, Cancellation cancellation, Map<String, String> environment) {
    this(run, cancellation, environment, run.history(), run.commands(), null, "");
  }

  Scope with(Cancellation other) {
    return new Scope(run, other, environment, history, commands, deadline, round);
  }

  Scope with(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    Map<String, String> more = new HashMap<>(environment);
    more.putAll(variables);
    return new Scope(run, cancellation, more, history, commands, deadline, round);
  }

  Scope with(History other) {
    return new Scope(run, cancellation, environment, other, commands, deadline, round);
  }

  Scope with(Commands other) {
    return new Scope(run, cancellation, environment, history, other, deadline, round);
  }

  /** Reached by another cancellation only, and by none of the limits. */
  Scope unlimited(Cancellation other) {
    return new Scope(run, other, environment, history, commands, null, round);
  }

  /** Within one more limit. */
  Scope until(Instant limit) {
    Instant first = deadline == null || limit.isBefore(deadline) ? limit : deadline;
    return new Scope(run, cancellation, environment, history, commands, first, round);
  }

  /** Within an attempt of something that may be tried more than once. */
  Scope inAttempt(int attempt) {
    return new Scope(
        run, cancellation, environment, history, commands, deadline, round + "." + attempt);
  }

  /**
   * The key of a wait of {@code step}: its own key, and whatever is needed to tell the wait from
   * others of the same step, also in an earlier attempt of the run, which no engine may mistake for
   * this one.
   *
   * @param what tells the wait from others of the same attempt; empty for the usual one
   */
  String waitKey(PlannedStep step, String what) {
    boolean first = round.matches("(\\.1)*");
    String key = what.isEmpty() ? step.key() : step.key() + "//" + what;
    int attempt = run.history().attempt();
    String inRun = attempt > 1 ? "//attempt " + attempt : "";
    return key + inRun + (first ? "" : "//round" + round);
  }

  boolean isCancelled() {
    return cancellation.isCancelled();
  }
}
