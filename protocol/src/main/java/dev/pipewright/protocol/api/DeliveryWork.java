package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery a Spawner has claimed. {@code manual} is there when a person asked for it: then there
 * are no changes, and {@code pipeline} and {@code parameters} are those of the wish.
 */
public record DeliveryWork(
    String id,
    SourceName source,
    List<RefChange> changes,
    @Nullable PipelineName pipeline,
    Map<String, String> parameters,
    @Nullable ManualStart manual,
    long fence) {
  public DeliveryWork {
    changes = List.copyOf(changes);
    parameters = Map.copyOf(parameters);
  }
}
