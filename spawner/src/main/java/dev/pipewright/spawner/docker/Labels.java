package dev.pipewright.spawner.docker;

import dev.pipewright.protocol.RunId;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.UnitId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The labels by which a container says what it is for. They hold no secret. */
final class Labels {
  static final String INSTANCE = "dev.pipewright.instance";
  static final String UNIT = "dev.pipewright.unit";
  static final String BESIDE = "dev.pipewright.beside";
  static final String STANDBY = "dev.pipewright.standby";
  static final String RUN = "dev.pipewright.run";
  private static final String FENCE = "dev.pipewright.fence";
  private static final String WORKSPACE = "dev.pipewright.workspace";
  private static final String DEADLINE = "dev.pipewright.deadline";
  private static final String SERVICE = "dev.pipewright.service";
  private static final String KEY = "dev.pipewright.side";

  private Labels() {}

  static Map<String, String> of(String instance, Launched unit) {
    return Map.of(
        INSTANCE, instance,
        UNIT, unit.unit().value(),
        RUN, unit.run().toString(),
        FENCE, Long.toString(unit.fence()),
        WORKSPACE, unit.workspace().value(),
        DEADLINE, unit.deadline().toString());
  }

  /** The unit these labels tell of; empty if they are not a unit's. */
  static Optional<Launched> unit(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Launched(
              new UnitId(labels.getOrDefault(UNIT, "")),
              RunId.parse(labels.getOrDefault(RUN, "")),
              Long.parseLong(labels.getOrDefault(FENCE, "")),
              new UnitId(labels.getOrDefault(WORKSPACE, "")),
              Instant.parse(labels.getOrDefault(DEADLINE, ""))));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Of what was made before there is a run for it. */
  static Map<String, String> ofStandby(String instance, UnitId standby) {
    return Map.of(INSTANCE, instance, STANDBY, standby.value());
  }

  /** True if a container was started before there was a run for it. */
  static boolean wasStandby(@Nullable Map<String, String> labels) {
    return labels != null && labels.containsKey(STANDBY);
  }

  /** {@code name} is the one of a service; empty for a step. */
  static Map<String, String> of(String instance, SideId side, String name) {
    return Map.of(
        INSTANCE, instance,
        BESIDE, side.unit().value(),
        RUN, side.run().toString(),
        FENCE, Long.toString(side.fence()),
        KEY, side.key(),
        SERVICE, name);
  }

  /** True if these are the labels of a service. */
  static boolean isService(@Nullable Map<String, String> labels) {
    return labels != null && !labels.getOrDefault(SERVICE, "").isEmpty();
  }

  /** The container beside a unit these labels tell of; empty if it is none. */
  static Optional<SideId> side(@Nullable Map<String, String> labels) {
    if (labels == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new SideId(
              new UnitId(labels.getOrDefault(BESIDE, "")),
              RunId.parse(labels.getOrDefault(RUN, "")),
              Long.parseLong(labels.getOrDefault(FENCE, "")),
              labels.getOrDefault(KEY, "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
