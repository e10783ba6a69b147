package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A container beside the engine's as it stands.
 *
 * @param reason in words, once it ended or could not be started
 * @param output the last of what a service printed, once it ended
 */
public record SideView(
    String key,
    State state,
    @Nullable Integer exitCode,
    @Nullable String reason,
    @Nullable String output) {
  /** One that printed nothing. */
  public SideView(String key, State state, @Nullable Integer exitCode, @Nullable String reason) {
    this(key, state, exitCode, reason, null);
  }

  /** Where it stands. */
  public enum State {
    WANTED,
    STARTING,
    RUNNING,
    ENDED,
    FAILED
  }
}
