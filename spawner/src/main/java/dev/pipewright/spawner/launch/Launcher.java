package dev.pipewright.spawner.launch;

import java.time.Duration;
import java.util.List;

/**
 * The port to whatever runs engines. Every launcher passes {@code LauncherContract}. Thread-safe.
 *
 * <p>A unit outlives this object and its process: a new launcher of the same instance finds it with
 * {@link #list()}. A launcher never touches units of another instance.
 */
public interface Launcher extends AutoCloseable {

  /** The word by which the configuration calls it. */
  String name();

  /** True if a {@link LaunchRequest} must name a runtime image. */
  boolean needsImage();

  /**
   * Starts a unit and returns once it runs. Launching a unit that is there, also at the same time,
   * gives that unit and starts nothing. Where it shows only a moment later that the command cannot
   * be run, {@link #await} says START_FAILED.
   *
   * @throws LaunchException if it could not be started; nothing of it is left but its workspace
   */
  Launched launch(LaunchRequest request);

  /**
   * All units of this instance that were not released, ended or not.
   *
   * @throws LaunchException if they cannot be listed at the moment
   */
  List<Launched> list();

  /**
   * Waits for the end of a unit, and ends whatever its engine left running. May be called again,
   * and for a unit that ended before; a unit that is gone is LOST, one whose launch was cut off
   * before it began is START_FAILED. Interrupting the caller leaves the unit alone.
   */
  UnitEnd await(Launched unit) throws InterruptedException;

  /**
   * Ends a unit: asks its processes to end, kills them after {@code grace}. Returns when it has
   * ended; ended and unknown units are left as they are. The evidence stays until {@link #release}.
   */
  void stop(Launched unit, Duration grace);

  /** The last {@code bytes} of what the engine itself printed; empty if there is nothing. */
  String tail(Launched unit, int bytes);

  /**
   * Removes an ended unit, and its workspace unless {@code keepWorkspace}. A unit that still runs
   * is killed. May be called again.
   */
  void release(Launched unit, boolean keepWorkspace);

  /** Lets go of the launcher's own connections; units are left running. */
  @Override
  void close();
}
