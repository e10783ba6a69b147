package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.DefinitionCheck;
import dev.pipewright.dsl.definition.DefinitionProblem;
import dev.pipewright.dsl.definition.PipelineNode;
import java.util.List;

/** The one door by which the engine reads a pipeline. Pipeline authors do not need it. */
public final class Definitions {
  private Definitions() {}

  /**
   * Reads a pipeline.
   *
   * @param pipeline what to read; it may be wrong
   * @return its records
   */
  public static PipelineNode read(Pipeline pipeline) {
    return pipeline.node();
  }

  /**
   * Checks a pipeline.
   *
   * @param pipeline what to check
   * @return everything that is wrong with it, each with file and line; empty if nothing is
   */
  public static List<DefinitionProblem> problems(Pipeline pipeline) {
    return DefinitionCheck.problems(pipeline.node());
  }
}
