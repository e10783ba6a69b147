package dev.pipewright.dsl;

/**
 * The class a user writes: one class, one pipeline. It needs a constructor without parameters. It
 * is made anew for each run, so it must not hold state between steps; use {@link Output} for that.
 */
public interface PipelineDefinition {

  /**
   * Describes the pipeline. It is called when the code is built and again in each run, so it must
   * return equal pipelines, quickly, without touching files or the network. What it throws is
   * reported as a problem of the pipeline code.
   *
   * @return the pipeline
   */
  Pipeline define();
}
