package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes that are the workspaces of an instance; labels say of which run. Thread-safe. */
final class Volumes {
  private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
  private static final String RUN = Labels.RUN;
  private static final String NUMBER = "dev.pipewright.workspace.number";
  private static final String BEHIND = "dev.pipewright.workspace.behind";
  private static final String MADE_BY = "dev.pipewright.workspace.made-by";

  private final DockerClient docker;
  private final String instance;
  private final long most;

  /** True until the daemon has said that it cannot keep volumes to a size. */
  private volatile boolean sized = true;

  Volumes(DockerClient docker, String instance, long most) {
    this.docker = docker;
    this.instance = instance;
    this.most = most;
  }

  /**
   * Makes the workspace of a launch, or finds that it is there; of a fixed size where the daemon's
   * file system has quotas.
   *
   * @return the volume that holds its files
   */
  UnitId make(LaunchRequest request) {
    UnitId name = request.workspace().name();
    return behind(name, sized(name, labels(request)));
  }

  /** Makes an empty volume that is the workspace of no run yet. */
  void makeStandby(UnitId name) {
    Map<String, String> unused = sized(name, Labels.ofStandby(instance, name));
  }

  private static Map<String, String> labels(LaunchRequest request) {
    return Map.of(
        RUN,
        request.workspace().run().toString(),
        NUMBER,
        Integer.toString(request.workspace().number()),
        MADE_BY,
        request.unit().value());
  }

  private @Nullable Map<String, String> sized(UnitId name, Map<String, String> labels) {
    if (sized) {
      try {
        return make(name, labels, Map.of("size", Long.toString(most)));
      } catch (DockerException e) {
        if (!String.valueOf(e.getMessage()).contains("quota")) {
          throw e;
        }
        sized = false;
        LOG.atInfo().log("Workspaces have no size of their own: the daemon has no quotas");
      }
    }
    return make(name, labels, Map.of());
  }

  /** The labels of the volume, which are others where it was there before. */
  private @Nullable Map<String, String> make(
      UnitId name, Map<String, String> labels, Map<String, String> options) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(Labels.INSTANCE, instance);
    return docker
        .createVolumeCmd()
        .withDriverOpts(options)
        .withName(name.value())
        .withLabels(all)
        .exec()
        .getLabels();
  }

  /**
   * Makes a standby volume the workspace of a launch. As nothing can be written to a volume's
   * labels later, an empty volume with the workspace's own name says which one stands behind it,
   * and for which unit.
   *
   * @return false if the workspace is there already
   */
  boolean assign(LaunchRequest request, UnitId standby) {
    Map<String, String> all = new HashMap<>(Labels.of(instance, request.launched()));
    all.putAll(labels(request));
    all.put(BEHIND, standby.value());
    UnitId name = request.workspace().name();
    return behind(name, make(name, all, Map.of())).equals(standby);
  }

  /** The volume that holds the files of a workspace: the one of its name, or one behind it. */
  UnitId behind(UnitId workspace) {
    try {
      return behind(workspace, docker.inspectVolumeCmd(workspace.value()).exec().getLabels());
    } catch (NotFoundException e) {
      return workspace;
    }
  }

  private static UnitId behind(UnitId workspace, @Nullable Map<String, String> labels) {
    String behind = labels == null ? null : labels.get(BEHIND);
    return behind == null ? workspace : new UnitId(behind);
  }

  /** The units with these labels whose workspace was a standby volume; they may be gone. */
  List<Launched> assigned(Map<String, String> labels) {
    List<Launched> found = new ArrayList<>();
    for (InspectVolumeResponse volume : labelled(labels)) {
      if (volume.getLabels() != null && volume.getLabels().containsKey(BEHIND)) {
        Labels.unit(volume.getLabels()).ifPresent(found::add);
      }
    }
    return found;
  }

  /** The standby volumes that are the workspace of no run. */
  Set<UnitId> standby() {
    Set<UnitId> found = new HashSet<>();
    Set<UnitId> taken = new HashSet<>();
    for (InspectVolumeResponse volume : labelled(Map.of())) {
      Map<String, String> labels = volume.getLabels();
      if (Labels.wasStandby(labels)) {
        found.add(new UnitId(volume.getName()));
      } else {
        taken.add(behind(new UnitId(volume.getName()), labels));
      }
    }
    found.removeAll(taken);
    return found;
  }

  private List<InspectVolumeResponse> labelled(Map<String, String> labels) {
    List<String> wanted = new ArrayList<>(List.of(Labels.INSTANCE + "=" + instance));
    labels.forEach((name, value) -> wanted.add(name + "=" + value));
    List<InspectVolumeResponse> volumes =
        docker.listVolumesCmd().withFilter("label", wanted).exec().getVolumes();
    return volumes == null ? List.of() : volumes;
  }

  /** Removes the workspace of a launch that failed, if it was this launch that made it. */
  void removeIfMadeBy(LaunchRequest request) {
    String name = request.workspace().name().value();
    try {
      Map<String, String> labels = docker.inspectVolumeCmd(name).exec().getLabels();
      if (labels != null && request.unit().value().equals(labels.get(MADE_BY))) {
        remove(request.workspace().name());
      }
    } catch (NotFoundException e) {
      LOG.atDebug().addKeyValue("volume", name).log("Volume was never made");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("volume", name).setCause(e).log("Volume was not removed");
    }
  }

  /** Removes a workspace and what is behind it; false if a container uses it. */
  boolean remove(UnitId name) {
    UnitId behind = behind(name);
    return (behind.equals(name) || removeOne(behind)) && removeOne(name);
  }

  private boolean removeOne(UnitId name) {
    try {
      docker.removeVolumeCmd(name.value()).exec();
    } catch (NotFoundException e) {
      LOG.atDebug().addKeyValue("volume", name).log("Volume was gone");
    } catch (ConflictException e) {
      LOG.atDebug().addKeyValue("volume", name).setCause(e).log("Volume is used");
      return false;
    }
    return true;
  }

  List<Workspace> list() {
    List<Workspace> found = new ArrayList<>();
    labelled(Map.of()).forEach(volume -> read(volume).ifPresent(found::add));
    return found;
  }

  private static Optional<Workspace> read(InspectVolumeResponse volume) {
    Map<String, String> labels = volume.getLabels();
    if (labels == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Workspace(
              new UnitId(volume.getName()),
              RunId.parse(labels.getOrDefault(RUN, "")),
              Integer.parseInt(labels.getOrDefault(NUMBER, ""))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** What is free on the disk of a daemon on this machine; unknown for any other. */
  OptionalLong freeBytes() {
    try {
      String root = docker.infoCmd().exec().getDockerRootDir();
      return root == null || !Files.isDirectory(Path.of(root))
          ? OptionalLong.empty()
          : OptionalLong.of(Files.getFileStore(Path.of(root)).getUsableSpace());
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("Free space is unknown");
      return OptionalLong.empty();
    }
  }
}
