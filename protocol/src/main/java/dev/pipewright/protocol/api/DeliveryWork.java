package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A delivery a Spawner has claimed; {@code pipeline} limits a manual start to one pipeline. */
public record DeliveryWork(
    String id,
    SourceName source,
    List<RefChange> changes,
    @Nullable PipelineName pipeline,
    Map<String, String> parameters,
    long fence) {
  public DeliveryWork {
    changes = List.copyOf(changes);
    parameters = Map.copyOf(parameters);
  }
}
