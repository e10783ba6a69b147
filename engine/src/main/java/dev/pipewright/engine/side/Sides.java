package dev.pipewright.engine.side;

import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.time.Duration;

/**
 * Who runs containers beside the engine's own, on the same workspace and network. Thread-safe.
 *
 * <p>Where containers cannot be had at all, the answer is {@link SideView.State#FAILED} with a
 * reason, never an exception.
 */
public interface Sides {

  /**
   * Wants a container. The same key again gives the same container.
   *
   * @throws IOException if nobody can be asked
   */
  SideView request(SideWish wish) throws IOException, InterruptedException;

  /**
   * How a container stands; answers once that is other than {@code known}, at the latest after
   * {@code patience}.
   *
   * @throws IOException if nobody can be asked
   */
  SideView view(String key, SideView.State known, Duration patience)
      throws IOException, InterruptedException;

  /**
   * Ends a container. Does nothing if there is none; does not wait for its end.
   *
   * @throws IOException if nobody can be asked
   */
  void end(String key) throws IOException, InterruptedException;
}
