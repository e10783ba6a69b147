package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes that are the workspaces of an instance; labels say of which run. Thread-safe. */
final class Volumes {
  private static final Logger LOG = LoggerFactory.getLogger(Volumes.class);
  private static final String RUN = "dev.pipewright.run";
  private static final String NUMBER = "dev.pipewright.workspace.number";
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
   */
  void make(LaunchRequest request) {
    if (sized) {
      try {
        make(request, Map.of("size", Long.toString(most)));
        return;
      } catch (DockerException e) {
        if (!String.valueOf(e.getMessage()).contains("quota")) {
          throw e;
        }
        sized = false;
        LOG.atInfo().log("Workspaces have no size of their own: the daemon has no quotas");
      }
    }
    make(request, Map.of());
  }

  private void make(LaunchRequest request, Map<String, String> options) {
    Workspace workspace = request.workspace();
    docker
        .createVolumeCmd()
        .withDriverOpts(options)
        .withName(workspace.name().value())
        .withLabels(
            Map.of(
                Labels.INSTANCE,
                instance,
                RUN,
                workspace.run().toString(),
                NUMBER,
                Integer.toString(workspace.number()),
                MADE_BY,
                request.unit().value()))
        .exec();
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

  /** Removes a workspace; false if a container uses it. */
  boolean remove(UnitId name) {
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
    List<InspectVolumeResponse> volumes =
        docker
            .listVolumesCmd()
            .withFilter("label", List.of(Labels.INSTANCE + "=" + instance))
            .exec()
            .getVolumes();
    if (volumes != null) {
      volumes.forEach(volume -> read(volume).ifPresent(found::add));
    }
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
