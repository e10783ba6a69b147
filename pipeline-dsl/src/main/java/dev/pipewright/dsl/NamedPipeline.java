package dev.pipewright.dsl;

import dev.pipewright.dsl.definition.ConcurrencyNode;
import dev.pipewright.dsl.definition.PipelineNode;
import dev.pipewright.dsl.definition.ResourcesNode;
import dev.pipewright.dsl.definition.SourceLocation;
import java.util.List;
import java.util.Map;

/** A pipeline that has a name and still needs its triggers. */
public final class NamedPipeline {
  private final String name;
  private final SourceLocation location;

  NamedPipeline(String name, SourceLocation location) {
    this.name = name;
    this.location = location;
  }

  /**
   * Says what may start a run. Each change starts at most one run, however many triggers fit it.
   *
   * @param first a trigger
   * @param rest more triggers
   * @return a pipeline that still needs its steps
   */
  public TriggeredPipeline startedBy(Trigger first, Trigger... rest) {
    return new TriggeredPipeline(
        new PipelineNode(
            name,
            Nodes.list(first, rest).stream().map(Nodes::node).toList(),
            null,
            ResourcesNode.unspecified(location),
            Map.of(),
            null,
            ConcurrencyNode.unlimited(location),
            List.of(),
            location));
  }
}
