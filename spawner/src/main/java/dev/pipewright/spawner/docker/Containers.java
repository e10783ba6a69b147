package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Volume;
import dev.pipewright.protocol.run.Resources;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.UnitId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and starts the container of a unit, as narrow as an engine can live in. */
final class Containers {
  private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
  static final String CREATED = "created";
  static final String WORKSPACE = "/workspace";
  static final Capability[] FOR_BECOMING_ANOTHER_USER = {
    Capability.CHOWN,
    Capability.DAC_OVERRIDE,
    Capability.FOWNER,
    Capability.SETGID,
    Capability.SETUID
  };
  private static final String ON_STANDBY = "--standby";
  private static final double NANO = 1e9;
  private static final int TMP_SHARE = 4;

  /** Half of what Docker gives by default, so that what answers people and webhooks goes first. */
  private static final int CPU_SHARES = 512;

  private final DockerClient docker;
  private final DockerLauncherConfig config;
  private final Networks networks;
  private final Volumes volumes;
  private final Pulls pulls;

  Containers(DockerClient docker, DockerLauncherConfig config, Networks networks, Volumes volumes) {
    this.docker = docker;
    this.config = config;
    this.networks = networks;
    this.volumes = volumes;
    this.pulls = new Pulls(docker, config.registry());
  }

  /**
   * Makes the workspace and the container, or finds that they are there, and starts it, or finds
   * that it runs. An image that is not here is pulled if it is one of a registry.
   *
   * @return true if the container was not there before
   */
  boolean start(LaunchRequest request, String image) {
    UnitId volume = volumes.make(request);
    AtomicBoolean made = new AtomicBoolean();
    pulls.with(image, () -> made.set(create(request, image, volume)));
    String name = request.unit().value();
    if (made.get()
        || CREATED.equals(docker.inspectContainerCmd(name).exec().getState().getStatus())) {
      startCreated(name);
    }
    return made.get();
  }

  private boolean create(LaunchRequest request, String image, UnitId volume) {
    Networks.Reached network = networks.of(request.confinement());
    String name = request.unit().value();
    List<String> command = request.command().isEmpty() ? config.command() : request.command();
    try (CreateContainerCmd create = docker.createContainerCmd(image)) {
      create
          .withName(name)
          .withEntrypoint(command)
          .withCmd(List.of())
          .withWorkingDir(WORKSPACE)
          .withEnv(environment(request, network))
          .withLabels(Labels.of(config.instance(), request.launched()))
          .withHostConfig(
              stepLimits(volume, network.id(), config.limits().atMost(request.resources()))
                  .withRuntime(config.isolation().runtime(request.confinement())))
          .exec();
      return true;
    } catch (ConflictException e) {
      LOG.atDebug().addKeyValue("unit", name).log("Container is there already");
      return false;
    }
  }

  /**
   * Makes the container of an engine that waits for its run, in the volume of the same name.
   *
   * @return its id
   */
  String makeStandby(UnitId standby, String image) {
    pulls.with(image, () -> createStandby(standby, image));
    return docker.inspectContainerCmd(standby.value()).exec().getId();
  }

  private void createStandby(UnitId standby, String image) {
    Networks.Reached network = networks.of(Confinement.USUAL);
    List<String> command = new ArrayList<>(config.command());
    command.add(ON_STANDBY);
    try (CreateContainerCmd create = docker.createContainerCmd(image)) {
      create
          .withName(standby.value())
          .withEntrypoint(command)
          .withCmd(List.of())
          .withWorkingDir(WORKSPACE)
          .withEnv(place(network))
          .withLabels(Labels.ofStandby(config.instance(), standby))
          .withHostConfig(
              stepLimits(standby, network.id(), config.limits())
                  .withRuntime(config.isolation().runtime(Confinement.USUAL)))
          .withStdinOpen(true)
          .withStdInOnce(true)
          .withAttachStdin(true)
          .exec();
    }
  }

  /** Never called for a container that ran before, as Docker would run it once more. */
  void startCreated(String name) {
    try {
      docker.startContainerCmd(name).exec();
    } catch (NotModifiedException e) {
      LOG.atDebug().addKeyValue("unit", name).log("Container runs already");
    }
  }

  private List<String> environment(LaunchRequest request, Networks.Reached network) {
    List<String> all = new ArrayList<>(place(network));
    assignment(request).forEach((name, value) -> all.add(name + "=" + value));
    return all;
  }

  /** What an engine of any run is told. */
  private List<String> place(Networks.Reached network) {
    return List.of(
        "PIPEWRIGHT_SERVER=" + config.callback().replace("{gateway}", network.gateway()),
        "PIPEWRIGHT_WORKSPACE=" + WORKSPACE);
  }

  /** What the engine of one run is told beside. */
  static Map<String, String> assignment(LaunchRequest request) {
    return Map.of(
        "PIPEWRIGHT_RUN", request.run().toString(), "PIPEWRIGHT_RUN_TOKEN", request.token());
  }

  /** The volume that holds the files of a workspace. */
  UnitId behind(UnitId workspace) {
    return volumes.behind(workspace);
  }

  /** What a container may use, and no more, on this network and volume. */
  HostConfig limits(UnitId volume, String networkMode, Limits limits) {
    return HostConfig.newHostConfig()
        .withBinds(new Bind(volume.value(), new Volume(WORKSPACE)))
        .withNetworkMode(networkMode)
        .withInit(true)
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges"))
        .withMemory(limits.memoryBytes())
        .withMemorySwap(limits.memoryBytes())
        .withPidsLimit(limits.processes())
        .withNanoCPUs((long) (limits.cpus() * NANO))
        .withCpuShares(CPU_SHARES)
        .withLogConfig(
            new LogConfig(
                LogConfig.LoggingType.JSON_FILE,
                Map.of("max-size", Long.toString(limits.outputBytes()), "max-file", "2")));
  }

  /**
   * The same for a container that runs steps: where the configuration says so, nothing else can be
   * written. What is in /tmp counts as memory.
   */
  HostConfig stepLimits(UnitId volume, String networkMode, Limits limits) {
    HostConfig all = limits(volume, networkMode, limits);
    return config.isolation().readOnlyRoot()
        ? all.withReadonlyRootfs(true)
            .withTmpFs(
                Map.of(
                    "/tmp",
                    "rw,exec,nosuid,nodev,mode=1777,size=" + limits.memoryBytes() / TMP_SHARE))
        : all;
  }

  /** What a container may use that was made under {@code most}. */
  static Limits given(InspectContainerResponse container, Limits most) {
    HostConfig host = container.getHostConfig();
    Long cpus = host.getNanoCPUs();
    return most.atMost(new Resources(host.getMemory(), cpus == null ? null : (double) cpus / NANO));
  }

  /** Kills and removes a container with the volumes of its own; one that is gone is fine. */
  void remove(String container) {
    try {
      docker.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException e) {
      LOG.atDebug().addKeyValue("container", container).log("Container was gone");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("container", container).setCause(e).log("Container was not removed");
    }
  }
}
