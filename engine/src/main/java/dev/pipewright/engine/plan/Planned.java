package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.protocol.run.Plan;
import java.util.List;

/**
 * A pipeline without problems.
 *
 * @param pipeline what was written
 * @param plan its shape, without code
 * @param steps its steps, with code
 */
public record Planned(PipelineNode pipeline, Plan plan, List<PlannedStep> steps) {
  public Planned {
    steps = List.copyOf(steps);
  }
}
