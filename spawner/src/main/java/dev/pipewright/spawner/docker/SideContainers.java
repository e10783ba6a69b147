package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.HealthStateLog;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers beside an engine's, in its network namespace and on its workspace. A service is
 * reached under its own name, which is written into the hosts file all of them share, and under
 * {@code localhost}. The daemon starts none whose engine has ended. Pulls no images.
 */
final class SideContainers implements Sides {
  private static final Logger LOG = LoggerFactory.getLogger(SideContainers.class);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");
  private static final int PATIENCE_SECONDS = 20;
  private static final String NAME_HOST =
      """
      while read -r _ host; do [ "$host" = "$1" ] && exit 0; done </etc/hosts
      printf '127.0.0.1 %s\\n' "$1" >>/etc/hosts
      """;

  private final DockerClient docker;
  private final String instance;
  private final Containers containers;
  private final ContainerLog log;
  private final DockerLauncherConfig config;
  private final LimitWatch limits;
  private final OutOfMemory outOfMemory;
  private final Ports ports = new Ports();

  /** Engines that were started here and beside which nothing was: nobody need look for it. */
  private final Set<UnitId> alone = ConcurrentHashMap.newKeySet();

  SideContainers(
      DockerClient docker,
      DockerLauncherConfig config,
      Containers containers,
      ContainerLog log,
      LimitWatch limits,
      OutOfMemory outOfMemory) {
    this.docker = docker;
    this.instance = config.instance();
    this.config = config;
    this.limits = limits;
    this.outOfMemory = outOfMemory;
    this.containers = containers;
    this.log = log;
  }

  private String name(SideId side) {
    return UnitId.side(instance, side.run(), side.fence(), side.key()).value();
  }

  /** The container of an engine was just made here. */
  void made(UnitId engine) {
    limits.made(engine.value());
    alone.add(engine);
  }

  @Override
  public void start(SideLaunch side) {
    alone.remove(side.id().unit());
    if (!side.name().isEmpty() && !HOST.matcher(side.name()).matches()) {
      throw new LaunchException("'" + side.name() + "' cannot name a host.", false, null);
    }
    try {
      create(side);
      String name = name(side.id());
      if (Containers.CREATED.equals(
          docker.inspectContainerCmd(name).exec().getState().getStatus())) {
        if (!side.name().isEmpty()) {
          nameHost(side);
        }
        containers.startCreated(name);
      }
    } catch (InterruptedException e) {
      remove(side.id());
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted while a container was started", true, e);
    } catch (NotFoundException e) {
      remove(side.id());
      throw missing(side, e);
    } catch (ConflictException e) {
      remove(side.id());
      throw new LaunchException("The engine of " + side.id().run() + " has ended.", false, e);
    } catch (LaunchException e) {
      remove(side.id());
      throw e;
    } catch (RuntimeException e) {
      remove(side.id());
      throw new LaunchException(
          "Docker did not start the container of %s: %s"
              .formatted(side.image(), String.valueOf(e.getMessage()).strip()),
          false,
          e);
    }
  }

  private static LaunchException missing(SideLaunch side, NotFoundException fault) {
    String message = String.valueOf(fault.getMessage()).strip();
    return message.contains("No such image") || message.contains("pull access denied")
        ? new LaunchException(
            "The image %s is not on the Docker host; fetch it there with: docker pull %s"
                .formatted(side.image(), side.image()),
            false,
            fault)
        : new LaunchException(
            "Docker cannot start the container of %s: %s".formatted(side.image(), message),
            false,
            fault);
  }

  private void create(SideLaunch side) {
    String name = name(side.id());
    boolean service = side.command().isEmpty();
    String network = "container:" + side.id().unit().value();
    UnitId volume = containers.behind(side.workspace());
    InspectContainerResponse engine = docker.inspectContainerCmd(side.id().unit().value()).exec();
    Limits given = Containers.given(engine, config.limits());
    HostConfig limits =
        (service
                ? containers.limits(volume, network, given)
                : containers.stepLimits(volume, network, given))
            .withInit(!service)
            .withRuntime(engine.getHostConfig().getRuntime());
    if (service) {
      // Images of services begin as root and become their own user.
      limits.withCapAdd(Containers.FOR_BECOMING_ANOTHER_USER);
    }
    try (CreateContainerCmd create = docker.createContainerCmd(side.image())) {
      create
          .withName(name)
          .withLabels(Labels.of(instance, side.id(), side.name()))
          .withHostConfig(limits);
      if (!service) {
        create
            .withEntrypoint(side.command())
            .withCmd(List.of())
            .withWorkingDir(Containers.WORKSPACE);
      }
      create.exec();
    } catch (ConflictException e) {
      LOG.atDebug().addKeyValue("side", side.id()).log("Container is there already");
    }
  }

  /** Lets the engine and all beside it find the service by its name. */
  private void nameHost(SideLaunch side) throws InterruptedException {
    if (config.isolation().readOnlyRoot()) {
      nameHostFromOutside(side);
      return;
    }
    String exec =
        docker
            .execCreateCmd(side.id().unit().value())
            .withUser("0")
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withCmd("sh", "-c", NAME_HOST, "sh", side.name())
            .exec()
            .getId();
    try (ResultCallback.Adapter<Frame> done =
        docker.execStartCmd(exec).exec(new ResultCallback.Adapter<>())) {
      done.awaitCompletion(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Connection was not closed");
    }
    Long code = docker.inspectExecCmd(exec).exec().getExitCodeLong();
    if (code == null || code != 0) {
      throw new LaunchException(
          "The host name '%s' could not be given in the engine's container.".formatted(side.name()),
          false,
          null);
    }
  }

  /** For engines that cannot write to their hosts file; the daemon keeps it on this machine. */
  private void nameHostFromOutside(SideLaunch side) {
    String hosts = docker.inspectContainerCmd(side.id().unit().value()).exec().getHostsPath();
    try {
      Files.writeString(
          Path.of(hosts), "127.0.0.1 " + side.name() + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new LaunchException(
          "The host name '%s' could not be given: with --read-only-root, services need a server that runs as root on the daemon's machine."
              .formatted(side.name()),
          false,
          e);
    }
  }

  @Override
  public Optional<SideStatus> look(SideId side) {
    String name = name(side);
    try {
      InspectContainerResponse container = docker.inspectContainerCmd(name).exec();
      ContainerState state = container.getState();
      if (Containers.CREATED.equals(state.getStatus())) {
        return Optional.empty();
      }
      if (Boolean.TRUE.equals(state.getRunning()) && limits.look(name, false).isEmpty()) {
        return Optional.of(alive(container));
      }
      return Optional.of(ended(name, container));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted while a container was looked at", true, e);
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw new LaunchException("Docker does not tell how a container stands.", true, e);
    }
  }

  private SideStatus alive(InspectContainerResponse container) {
    HealthState health = container.getState().getHealth();
    String status = health == null || health.getStatus() == null ? "none" : health.getStatus();
    return switch (status) {
      case "starting" -> new SideStatus(SideView.State.STARTING, null, null);
      case "unhealthy" ->
          new SideStatus(
              SideView.State.FAILED, null, "It did not become healthy." + lastCheck(health));
      case "none" -> unchecked(container);
      default -> new SideStatus(SideView.State.RUNNING, null, null);
    };
  }

  private SideStatus unchecked(InspectContainerResponse container) {
    boolean starting =
        Labels.isService(container.getConfig().getLabels()) && ports.isStillStarting(container);
    return new SideStatus(starting ? SideView.State.STARTING : SideView.State.RUNNING, null, null);
  }

  private static String lastCheck(HealthState health) {
    List<HealthStateLog> checks = health.getLog();
    if (checks == null || checks.isEmpty()) {
      return "";
    }
    String output = String.valueOf(checks.getLast().getOutput()).strip();
    return " Its health check said: " + output.substring(0, Math.min(300, output.length()));
  }

  private SideStatus ended(String name, InspectContainerResponse container)
      throws InterruptedException {
    ContainerState state = container.getState();
    Optional<Limits.Breach> breach = limits.breach(name);
    if (breach.isPresent()) {
      return new SideStatus(SideView.State.ENDED, null, breach.get().reason());
    }
    Long known = state.getExitCodeLong();
    Integer code = known == null ? null : known.intValue();
    String how =
        outOfMemory.hit(container.getId(), state)
            ? config
                .limits()
                .outOfMemory("It", Containers.given(container, config.limits()).memoryBytes())
            : "It ended with exit code " + code + ".";
    return new SideStatus(SideView.State.ENDED, code, how + log.lastWords(name));
  }

  @Override
  public String output(SideId side, int most) {
    return log.end(name(side), most);
  }

  @Override
  public void remove(SideId side) {
    containers.remove(name(side));
    limits.countWith(side.unit().value(), name(side));
  }

  /** Removes all containers beside a unit. */
  void removeAllOf(UnitId unit) {
    if (alone.contains(unit)) {
      return;
    }
    docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(Labels.INSTANCE, instance, Labels.BESIDE, unit.value()))
        .exec()
        .forEach(
            container -> {
              containers.remove(container.getId());
              Labels.side(container.getLabels())
                  .ifPresent(side -> limits.countWith(unit.value(), name(side)));
            });
  }

  /** Forgets a unit that was removed. */
  void forget(UnitId unit) {
    alone.remove(unit);
  }

  @Override
  public List<SideId> list() {
    List<SideId> found = new ArrayList<>();
    try {
      docker
          .listContainersCmd()
          .withShowAll(true)
          .withFilter("label", List.of(Labels.INSTANCE + "=" + instance, Labels.BESIDE))
          .exec()
          .forEach(container -> Labels.side(container.getLabels()).ifPresent(found::add));
      return found;
    } catch (RuntimeException e) {
      throw new LaunchException("Docker does not list its containers.", true, e);
    }
  }
}
