package dev.pipewright.engine.work;

import dev.pipewright.dsl.definition.StepNode;
import java.util.List;
import java.util.Map;

/**
 * Who performs the work of tasks. On a machine that is {@link MachineWork}; a test answers for the
 * tasks it has scripted and leaves the others to it. Thread-safe.
 */
public interface Work {

  /**
   * What one attempt of a task came to.
   *
   * @param ending how it ended
   * @param outputs what it left for later steps, as JSON text
   */
  record Done(Ending ending, Map<String, String> outputs) {
    public Done {
      outputs = Map.copyOf(outputs);
    }

    /** Nothing was left. */
    public Done(Ending ending) {
      this(ending, Map.of());
    }
  }

  /**
   * The steps code has given.
   *
   * @param done whether it has
   * @param steps the steps; empty if it has not
   */
  record Expanded(Done done, List<StepNode> steps) {
    public Expanded {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Performs one attempt of a checkout, a command or a Java body, and returns when everything it
   * has started is over. Whatever goes wrong is an ending; a cancel ends it as CANCELLED.
   */
  Done perform(TaskCall call);

  /** Asks the code of an {@code expand} for its steps. */
  Expanded expand(TaskCall call);
}
