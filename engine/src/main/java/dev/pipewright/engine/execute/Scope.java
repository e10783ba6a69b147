package dev.pipewright.engine.execute;

import dev.pipewright.engine.step.Cancellation;
import java.util.HashMap;
import java.util.Map;

/**
 * What a step inherits from where it is: the run, what cancels it, and the environment declared
 * around it. Immutable.
 */
record Scope(RunContext run, Cancellation cancellation, Map<String, String> environment) {
  Scope {
    environment = Map.copyOf(environment);
  }

  Scope with(Cancellation other) {
    return new Scope(run, other, environment);
  }

  Scope with(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return this;
    }
    Map<String, String> more = new HashMap<>(environment);
    more.putAll(variables);
    return new Scope(run, cancellation, more);
  }

  boolean isCancelled() {
    return cancellation.isCancelled();
  }
}
