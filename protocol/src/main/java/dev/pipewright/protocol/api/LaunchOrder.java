package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * A queued run a Spawner has claimed and must start; {@code token} is the run token of this launch
 * and {@code fence} its number.
 */
public record LaunchOrder(
    RunId run,
    int attempt,
    long fence,
    String token,
    SourceName source,
    @Nullable String baseImage,
    boolean isolated,
    @Nullable Long timeLimitSeconds) {
  @Override
  public String toString() {
    return "LaunchOrder[" + run + ", fence " + fence + "]";
  }
}
