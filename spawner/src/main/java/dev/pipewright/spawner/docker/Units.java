package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.UnitId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the containers that are units of an instance. One that was made for its unit says so in its
 * labels; one that was on standby before has the name of its unit, and the workspace it was given
 * says the rest. Thread-safe.
 */
final class Units {
  private final DockerClient docker;
  private final String instance;
  private final Volumes volumes;

  Units(DockerClient docker, String instance, Volumes volumes) {
    this.docker = docker;
    this.instance = instance;
    this.volumes = volumes;
  }

  /**
   * The units with these labels, ended or not.
   *
   * @throws LaunchException if they cannot be listed at the moment
   */
  List<Launched> list(Map<String, String> labels) {
    try {
      List<Launched> found = new ArrayList<>();
      containers(labels)
          .forEach(container -> Labels.unit(container.getLabels()).ifPresent(found::add));
      List<Launched> assigned = volumes.assigned(labels);
      if (!assigned.isEmpty()) {
        Set<UnitId> there = onceStandby();
        assigned.stream().filter(unit -> there.contains(unit.unit())).forEach(found::add);
      }
      return found;
    } catch (RuntimeException e) {
      throw new LaunchException(
          "Docker does not list its containers: " + DockerLauncher.message(e), true, e);
    }
  }

  /** The names of all containers that are or were on standby. */
  Set<UnitId> onceStandby() {
    Set<UnitId> names = new HashSet<>();
    for (Container container : containers(Map.of())) {
      if (Labels.wasStandby(container.getLabels())) {
        // A name begins with a slash.
        names.add(new UnitId(container.getNames()[0].substring(1)));
      }
    }
    return names;
  }

  private List<Container> containers(Map<String, String> labels) {
    Map<String, String> wanted = new HashMap<>(labels);
    wanted.put(Labels.INSTANCE, instance);
    return docker.listContainersCmd().withShowAll(true).withLabelFilter(wanted).exec();
  }
}
