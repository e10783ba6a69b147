package dev.pipewright.test.play;

import dev.pipewright.engine.side.SideWish;
import dev.pipewright.engine.side.Sides;
import dev.pipewright.protocol.api.SideView;
import java.time.Duration;

/** Containers that run as soon as they are wanted. Services need nothing more. */
final class MemorySides implements Sides {
  @Override
  public SideView request(SideWish wish) {
    return running(wish.key());
  }

  @Override
  public SideView view(String key, SideView.State known, Duration patience) {
    return running(key);
  }

  @Override
  public void end(String key) {
    // There is nothing to end.
  }

  private static SideView running(String key) {
    return new SideView(key, SideView.State.RUNNING, null, null);
  }
}
