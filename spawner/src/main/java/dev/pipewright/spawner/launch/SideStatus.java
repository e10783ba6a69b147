package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.api.SideView;
import org.jspecify.annotations.Nullable;

/**
 * Where a container beside a unit stands.
 *
 * @param state STARTING until a health check was passed, if there is one, or until a service whose
 *     image exposes ports listens on one of them, where that can be seen; ENDED and FAILED are for
 *     good
 * @param exitCode of one that ended
 * @param reason in words, once it ended or failed
 */
public record SideStatus(
    SideView.State state, @Nullable Integer exitCode, @Nullable String reason) {

  /** True once nothing more will happen. */
  public boolean isOver() {
    return state == SideView.State.ENDED || state == SideView.State.FAILED;
  }
}
