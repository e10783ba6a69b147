package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.PipelineNode;

/** A whole pipeline: a name, triggers and steps. Immutable. */
public final class Pipeline {
  private final PipelineNode node;

  Pipeline(PipelineNode node) {
    this.node = node;
  }

  PipelineNode node() {
    return node;
  }

  /** {@return the name of this pipeline} */
  public String name() {
    return node.name();
  }

  @Override
  public String toString() {
    return "Pipeline " + node.name();
  }
}
