package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import java.util.Map;

/**
 * A run starts a run of another pipeline of the server. The same key in the same attempt starts it
 * once.
 *
 * @param awaited whether an answer is wanted when it is over
 */
public record DownstreamRequest(
    long fence,
    String key,
    PipelineName pipeline,
    Map<String, String> parameters,
    boolean awaited) {
  public DownstreamRequest {
    parameters = Map.copyOf(parameters);
  }
}
