package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Resources;
import org.jspecify.annotations.Nullable;

/**
 * A queued run a Spawner has claimed and must start; {@code token} is the run token of this launch
 * and {@code fence} its number. Launches with the same {@code workspace} number work in the same
 * one.
 *
 * @param isolated true if it may reach nothing but the server
 * @param foreign true if anybody may have made what it runs, and nobody has vouched for it
 * @param resources how much its containers ask for; null for as much as the Spawner allows
 */
public record LaunchOrder(
    RunId run,
    int attempt,
    long fence,
    String token,
    SourceName source,
    @Nullable String baseImage,
    boolean isolated,
    @Nullable Long timeLimitSeconds,
    int workspace,
    boolean foreign,
    @Nullable Resources resources) {

  @Override
  public String toString() {
    return "LaunchOrder[" + run + ", fence " + fence + "]";
  }
}
