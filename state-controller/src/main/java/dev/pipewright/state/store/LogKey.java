package dev.pipewright.state.store;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;

/** Which output: that of a step in an attempt of a run, the first of which is 1. */
public record LogKey(RunId run, int attempt, StepPath step) {

  /** The output of a step in the first attempt. */
  public LogKey(RunId run, StepPath step) {
    this(run, 1, step);
  }

  /** The number of the run, and that of the attempt unless it is the first: 42, then 42.2. */
  public String number() {
    return attempt == 1 ? Long.toString(run.number()) : run.number() + "." + attempt;
  }

  @Override
  public String toString() {
    return run.pipeline() + "#" + number() + " " + step;
  }
}
