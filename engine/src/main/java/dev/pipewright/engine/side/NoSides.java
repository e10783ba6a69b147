package dev.pipewright.engine.side;

import dev.pipewright.protocol.api.SideView;
import java.time.Duration;

/** Refuses every container with one reason: there are none where this run takes place. */
public final class NoSides implements Sides {
  private final String reason;

  /** {@code reason} is for people: why there are none. */
  public NoSides(String reason) {
    this.reason = "It " + NEEDS_CONTAINERS + ". " + reason;
  }

  @Override
  public SideView request(SideWish wish) {
    return refused(wish.key());
  }

  @Override
  public SideView view(String key, SideView.State known, Duration patience) {
    return refused(key);
  }

  @Override
  public void end(String key) {
    // There is none.
  }

  private SideView refused(String key) {
    return new SideView(key, SideView.State.FAILED, null, reason);
  }
}
