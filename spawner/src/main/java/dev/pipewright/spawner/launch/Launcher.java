package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.run.ResourceUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
   * <p>Units of earlier launches of the same run are killed and removed before, so that no two ever
   * share a workspace.
   *
   * @throws LaunchException if it could not be started, or a later launch of the run is there;
   *     nothing of it is left, and of its workspace only what was there before
   */
  Launched launch(LaunchRequest request);

  /** True if units can be started ahead of need, see {@link #expect}. */
  default boolean startsAhead() {
    return false;
  }

  /** How those units stand; all zero where none are started ahead. */
  default Ahead ahead() {
    return Ahead.NONE;
  }

  /**
   * Tells that runs of {@code base} will use {@code image} from now on. Where units are started
   * ahead of need, they are started for what was expected last. Returns at once.
   */
  default void expect(String base, String image) {}

  /** Starts no units ahead of need any more, and removes those that have not got a run yet. */
  default void drain() {}

  /**
   * All units of this instance that were not released, ended or not.
   *
   * @throws LaunchException if they cannot be listed at the moment
   */
  List<Launched> list();

  /**
   * The unit of this name, ended or not; empty if there is none, or none any more.
   *
   * @throws LaunchException if that cannot be told at the moment
   */
  Optional<Launched> find(UnitId unit);

  /**
   * Waits for the end of a unit, and ends whatever its engine left running, containers beside it
   * included. May be called again, and for a unit that ended before; a unit that is gone is LOST,
   * one whose launch was cut off before it began is START_FAILED, one that was ended for passing a
   * limit is LIMIT. Only a unit that ended by itself is EXITED, so nothing is taken for a success
   * that was not seen to be one. Interrupting the caller leaves the unit alone. Never touches what
   * belongs to a later launch in the same workspace.
   */
  UnitEnd await(Launched unit) throws InterruptedException;

  /**
   * What a unit took up, containers beside it included, as far as that was seen; null if nothing
   * was. To be asked between its end and its release.
   */
  default @Nullable ResourceUse used(Launched unit) {
    return null;
  }

  /**
   * Ends a unit: asks its processes to end, kills them after {@code grace}. Returns when it has
   * ended; ended and unknown units are left as they are. The evidence stays until {@link #release}.
   */
  void stop(Launched unit, Duration grace);

  /**
   * Does the same with a unit that has passed a limit. That it has is written down before anything
   * is ended, so that {@link #await} says LIMIT with this reason, also after a restart. A unit that
   * outlived the process that had begun to end it so is killed by the next {@link #await}.
   */
  void stop(Launched unit, Duration grace, Limits.Breach why);

  /** The last {@code bytes} of what the engine itself printed; empty if there is nothing. */
  String tail(Launched unit, int bytes);

  /**
   * What the engine itself printed from a byte offset on, at most {@code most} bytes; empty where
   * nothing is there yet, or any more. It is the second source beside what an engine reports: the
   * same offset gives the same bytes again, also after a restart and after the end of the unit,
   * until {@link #release}. An engine that prints more than its limit is ended, so nothing it
   * printed before is lost.
   */
  byte[] logs(Launched unit, long offset, int most);

  /**
   * Removes an ended unit, and its workspace unless {@code keepWorkspace} or another unit is in it.
   * A unit that still runs is killed. May be called again.
   */
  void release(Launched unit, boolean keepWorkspace);

  /**
   * All workspaces of this instance.
   *
   * @throws LaunchException if they cannot be listed at the moment
   */
  List<Workspace> workspaces();

  /**
   * Removes a workspace unless a unit is in it.
   *
   * @return false if a unit is in it
   * @throws LaunchException if it could not be removed
   */
  boolean remove(Workspace workspace);

  /** How many bytes are free where workspaces are kept, if that is known. */
  OptionalLong freeBytes();

  /** The containers beside units; a launcher without containers has none and starts none. */
  Sides sides();

  /** Lets go of the launcher's own connections; units are left running. */
  @Override
  void close();
}
