package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import java.util.Optional;

/** Says in words how containers of engines have ended. Thread-safe. */
final class Verdicts {
  static final int NEVER_ASSIGNED = 6;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int KILLED = 137;
  private static final String INIT_FAULT = "[FATAL tini";

  private final Limits limits;
  private final LimitWatch watch;
  private final ContainerLog log;
  private final OutOfMemory outOfMemory;

  Verdicts(Limits limits, LimitWatch watch, ContainerLog log, OutOfMemory outOfMemory) {
    this.limits = limits;
    this.watch = watch;
    this.log = log;
    this.outOfMemory = outOfMemory;
  }

  /** How the ended container of a unit ended. */
  UnitEnd of(UnitId unit, InspectContainerResponse container, boolean stopped)
      throws InterruptedException {
    ContainerState state = container.getState();
    Long known = state.getExitCodeLong();
    int code = known == null ? KILLED : known.intValue();
    if (Containers.CREATED.equals(state.getStatus())) {
      return new UnitEnd(
          LaunchEnd.Kind.START_FAILED, null, "The container was made, but never started.");
    }
    Optional<Limits.Breach> breach = watch.breach(unit.value());
    if (breach.isPresent()) {
      return UnitEnd.of(breach.get(), code);
    }
    if (stopped) {
      return new UnitEnd(LaunchEnd.Kind.STOPPED, code, "The container was ended by Pipewright.");
    }
    if (code == NEVER_ASSIGNED && Labels.wasStandby(container.getConfig().getLabels())) {
      return new UnitEnd(
          LaunchEnd.Kind.START_FAILED, code, "The engine was never told which run it was for.");
    }
    if (code == NOT_EXECUTABLE || code == NOT_FOUND) {
      Optional<String> fault =
          log.of(unit.value()).lines().filter(line -> line.startsWith(INIT_FAULT)).findFirst();
      if (fault.isPresent()) {
        return new UnitEnd(
            LaunchEnd.Kind.START_FAILED,
            code,
            "The command of the engine cannot be run in the image: " + fault.get());
      }
    }
    Optional<Limits.Breach> met = code == 0 ? Optional.empty() : watch.met(unit.value());
    if (met.isPresent()) {
      return UnitEnd.of(met.get(), code);
    }
    return code != 0 && outOfMemory.hit(container.getId(), state)
        ? new UnitEnd(
            LaunchEnd.Kind.OOM,
            code,
            limits.outOfMemory("The container", Containers.given(container, limits).memoryBytes()))
        : UnitEnd.exited("container", code);
  }
}
