package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A container beside the engine's as it stands.
 *
 * @param reason in words, once it ended or could not be started
 */
public record SideView(
    String key, State state, @Nullable Integer exitCode, @Nullable String reason) {
  /** Where it stands. */
  public enum State {
    WANTED,
    STARTING,
    RUNNING,
    ENDED,
    FAILED
  }
}
