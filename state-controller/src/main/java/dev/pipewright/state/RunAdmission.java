package dev.pipewright.state;

import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.run.OpenWait;
import org.jspecify.annotations.Nullable;

/** Says of a run before it is queued whether it can be run at all. Thread-safe. */
public interface RunAdmission {

  /** The run as it is to be made: the same one, perhaps with more said of its cause. */
  default NewRun admitted(NewRun order) {
    return order;
  }

  /** What the admitted run waits for before it may begin; null if for nothing. */
  default @Nullable OpenWait hold(NewRun order) {
    return null;
  }

  /** Why the run cannot be run, for people: it ends ERRORED with that; null if it can. */
  @Nullable String refusal(NewRun order);
}
