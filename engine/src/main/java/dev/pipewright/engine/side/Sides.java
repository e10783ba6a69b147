package dev.pipewright.engine.side;

import dev.pipewright.protocol.api.SideView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Who runs containers beside the engine's own, on the same workspace and network. Thread-safe.
 *
 * <p>Where containers cannot be had at all, the answer is {@link SideView.State#FAILED} with a
 * reason that says {@value #NEEDS_CONTAINERS}, never an exception.
 */
public interface Sides {
  /** What the reason says where there are no containers at all. */
  String NEEDS_CONTAINERS = "needs containers";

  /** True if the answer says that there are no containers at all. */
  static boolean isWithoutContainers(SideView view) {
    String reason = view.reason();
    return view.state() == SideView.State.FAILED
        && reason != null
        && reason.contains(NEEDS_CONTAINERS);
  }

  /**
   * A folder outside of the workspace that the engine shares with its containers, under the same
   * path; empty where no command of a step can be run in another container.
   */
  default Optional<Path> folder() {
    return Optional.empty();
  }

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
   * The last of what a container printed that was told to end; waits for its end, but not longer
   * than {@code patience}. Empty if it printed nothing, or that is not to be had.
   *
   * @throws IOException if nobody can be asked
   */
  default String lastOutput(String key, Duration patience)
      throws IOException, InterruptedException {
    return "";
  }

  /**
   * Ends a container. Does nothing if there is none; does not wait for its end.
   *
   * @throws IOException if nobody can be asked
   */
  void end(String key) throws IOException, InterruptedException;
}
