package dev.pipewright.spawner.launch;

import java.util.List;
import java.util.Optional;

/**
 * Containers beside units, for steps with an image of their own and for services. They share the
 * network and the workspace of their unit and are gone when it has ended. Thread-safe.
 */
public interface Sides {

  /**
   * Starts one and returns once it runs; one that is there already is left as it is.
   *
   * @throws LaunchException if it could not be started; nothing of it is left
   */
  void start(SideLaunch side);

  /**
   * Where it stands now; empty if it is not there.
   *
   * @throws LaunchException if that cannot be told at the moment
   */
  Optional<SideStatus> look(SideId side);

  /** The last {@code most} characters of what it printed; empty if that is not to be had. */
  String output(SideId side, int most);

  /** Ends and removes it, and does nothing if it is not there. */
  void remove(SideId side);

  /**
   * All of this instance.
   *
   * @throws LaunchException if they cannot be listed at the moment
   */
  List<SideId> list();
}
