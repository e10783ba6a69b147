package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.Resources;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param unit its name; launching the same unit again gives the unit that is there
 * @param fence the number of the launch, kept beside the unit for finding it again
 * @param workspace made when it is not there, taken as it is otherwise
 * @param token the run token the engine gets
 * @param image the runtime image, an immutable reference; null where the launcher needs none
 * @param confinement how closely the unit is kept
 * @param deadline when the unit will have run too long; kept beside the unit, the launcher itself
 *     does not act on it
 * @param command what to run instead of the engine; empty for the engine
 * @param resources how much its run asks for; null for as much as it may use
 */
public record LaunchRequest(
    UnitId unit,
    RunId run,
    long fence,
    Workspace workspace,
    String token,
    @Nullable String image,
    Confinement confinement,
    Instant deadline,
    List<String> command,
    @Nullable Resources resources) {
  public LaunchRequest {
    command = List.copyOf(command);
  }

  /** The launch of a run that asks for nothing. */
  public LaunchRequest(
      UnitId unit,
      RunId run,
      long fence,
      Workspace workspace,
      String token,
      @Nullable String image,
      Confinement confinement,
      Instant deadline,
      List<String> command) {
    this(unit, run, fence, workspace, token, image, confinement, deadline, command, null);
  }

  /** The unit as it will be known once it is launched. */
  public Launched launched() {
    return new Launched(unit, run, fence, workspace.name(), deadline);
  }

  @Override
  public String toString() {
    return "LaunchRequest[" + unit + ", " + run + ", fence " + fence + "]";
  }
}
