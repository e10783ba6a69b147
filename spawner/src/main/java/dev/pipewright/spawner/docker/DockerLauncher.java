package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.spawner.launch.Ahead;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every engine in a container of its own. The container has the name of the unit, so that two
 * launches of one unit meet in the daemon; the workspace is a volume that all launches of a run
 * share. Pulls runtime images of a registry, and no others.
 */
public final class DockerLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(DockerLauncher.class);
  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final int TURNS = 16;

  /** Launches of one run take turns, so that none of them clears away what another one made. */
  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(TURNS).toList();

  private final DockerClient docker;
  private final Networks networks;
  private final Containers containers;
  private final ContainerLog log;
  private final SideContainers sides;
  private final Volumes volumes;
  private final LimitWatch limits;
  private final OutOfMemory outOfMemory;
  private final Verdicts verdicts;
  private final @Nullable String unblocked;
  private final Units units;
  private final Pool pool;
  private final Set<UnitId> stopped = ConcurrentHashMap.newKeySet();

  /** A launcher that starts no units ahead of need. */
  public DockerLauncher(DockerLauncherConfig config) {
    this(config, 0);
  }

  /**
   * A launcher on the daemon of the configuration; connects when it is used first.
   *
   * @param ahead how many engines wait for their run, see {@link Pool}
   */
  public DockerLauncher(DockerLauncherConfig config, int ahead) {
    this.docker = Daemon.connect(config);
    this.unblocked = Gaps.unblocked(config.isolation());
    this.networks =
        new Networks(
            docker,
            config,
            unblocked == null && !config.isolation().hostAccess()
                ? new Firewall(config.callback())
                : null);
    this.volumes = new Volumes(docker, config.instance(), config.limits().diskBytes());
    this.containers = new Containers(docker, config, networks, volumes);
    this.units = new Units(docker, config.instance(), volumes);
    this.pool = new Pool(docker, containers, volumes, units, ahead);
    this.log = new ContainerLog(docker);
    this.limits = new LimitWatch(docker, config.limits(), new EndedFor(docker, config.instance()));
    this.outOfMemory = new OutOfMemory(docker, config.instance());
    this.sides = new SideContainers(docker, config, containers, log, limits, outOfMemory);
    this.verdicts = new Verdicts(config.limits(), limits, log, outOfMemory);
  }

  /** What somebody should know who relies on isolation; null if nothing. Asks the daemon. */
  public @Nullable String gap() {
    return Gaps.joined(unblocked, Gaps.unmapped(docker));
  }

  /** True if a daemon answers at the configured place. */
  public static boolean answers(DockerLauncherConfig config) {
    try (DockerClient client = Daemon.connect(config)) {
      client.pingCmd().exec();
      return true;
    } catch (RuntimeException | IOException e) {
      LOG.atDebug().setCause(e).log("No Docker daemon answers");
      return false;
    }
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public boolean needsImage() {
    return true;
  }

  @Override
  public Launched launch(LaunchRequest request) {
    String image = request.image();
    if (image == null) {
      throw new LaunchException("A container needs a runtime image.", false, null);
    }
    ReentrantLock turn = turns.get(Math.floorMod(request.run().hashCode(), TURNS));
    turn.lock();
    pool.pause();
    try {
      endEarlier(request);
      begin(request, image);
      return request.launched();
    } finally {
      pool.goOn();
      turn.unlock();
    }
  }

  @Override
  public boolean startsAhead() {
    return pool.size() > 0;
  }

  @Override
  public Ahead ahead() {
    return pool.ahead();
  }

  @Override
  public void expect(String base, String image) {
    pool.expect(base, image);
  }

  @Override
  public void drain() {
    pool.drain();
  }

  private void endEarlier(LaunchRequest request) {
    List<Launched> earlier = others(request);
    for (Launched other : earlier) {
      if (other.fence() > request.fence()) {
        throw new LaunchException(
            "A later launch of %s is there.".formatted(request.run()), false, null);
      }
      LOG.atInfo().addKeyValue("unit", other.unit()).log("Unit of an earlier launch is ended");
      removeContainers(other.unit());
    }
    if (!earlier.isEmpty() && !others(request).isEmpty()) {
      throw new LaunchException(
          "The container of an earlier launch of %s does not end.".formatted(request.run()),
          true,
          null);
    }
  }

  private List<Launched> others(LaunchRequest request) {
    return units.list(Map.of(Labels.RUN, request.run().toString())).stream()
        .filter(other -> !other.unit().equals(request.unit()))
        .toList();
  }

  private void begin(LaunchRequest request, String image) {
    try {
      // What waits was made before anybody asked for anything.
      boolean waited = request.resources() == null && pool.assign(request, image);
      if (waited || containers.start(request, image)) {
        sides.made(request.unit());
      }
    } catch (LaunchException e) {
      clear(request);
      throw e;
    } catch (NotFoundException e) {
      clear(request);
      throw new LaunchException(
          "The image %s is not on the Docker host, or its engine cannot be found in it: %s"
              .formatted(image, message(e)),
          false,
          e);
    } catch (BadRequestException e) {
      clear(request);
      throw new LaunchException("Docker cannot start the container: " + message(e), false, e);
    } catch (RuntimeException e) {
      clear(request);
      throw new LaunchException("Docker did not start the container: " + message(e), true, e);
    }
  }

  /** Leaves nothing of a launch that failed. */
  private void clear(LaunchRequest request) {
    containers.remove(request.unit().value());
    volumes.removeIfMadeBy(request);
  }

  @Override
  public List<Launched> list() {
    return units.list(Map.of());
  }

  @Override
  public Optional<Launched> find(UnitId unit) {
    return units.list(Map.of(Labels.UNIT, unit.value())).stream().findFirst();
  }

  @Override
  public UnitEnd await(Launched unit) throws InterruptedException {
    Thread watch = limits.follow(unit.unit().value());
    try {
      return awaitEnd(unit);
    } finally {
      watch.interrupt();
    }
  }

  private UnitEnd awaitEnd(Launched unit) throws InterruptedException {
    while (true) {
      try {
        Optional<UnitEnd> end = look(unit.unit());
        if (end.isPresent()) {
          sides.removeAllOf(unit.unit());
          return end.get();
        }
      } catch (DockerException | IllegalStateException e) {
        LOG.atDebug().addKeyValue("unit", unit.unit()).setCause(e).log("Wait is tried again");
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for " + unit.unit());
        }
        LOG.atWarn().addKeyValue("unit", unit.unit()).setCause(e).log("Docker is away");
      }
      TimeUnit.NANOSECONDS.sleep(RECONNECT.toNanos());
    }
  }

  /** How the unit ended, once it has; empty if it runs in spite of what was heard. */
  private Optional<UnitEnd> look(UnitId unit) throws InterruptedException {
    try {
      awaitExit(unit);
      var container = docker.inspectContainerCmd(unit.value()).exec();
      ContainerState state = container.getState();
      return Boolean.TRUE.equals(state.getRunning())
          ? Optional.empty()
          : Optional.of(verdicts.of(unit, container, stopped.contains(unit)));
    } catch (NotFoundException e) {
      return Optional.of(
          new UnitEnd(
              LaunchEnd.Kind.LOST, null, "The container is gone: somebody else removed it."));
    }
  }

  /** Returns at once where it has ended, or was never started. */
  private void awaitExit(UnitId unit) throws InterruptedException {
    try (WaitContainerResultCallback exit =
        docker.waitContainerCmd(unit.value()).exec(new WaitContainerResultCallback())) {
      exit.awaitCompletion();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("unit", unit).setCause(e).log("Wait was not closed");
    }
  }

  @Override
  public @Nullable ResourceUse used(Launched unit) {
    return limits.used(unit.unit().value());
  }

  @Override
  public void stop(Launched unit, Duration grace) {
    end(unit, grace, null);
  }

  @Override
  public void stop(Launched unit, Duration grace, Limits.Breach why) {
    end(unit, grace, why);
  }

  private void end(Launched unit, Duration grace, Limits.@Nullable Breach why) {
    try {
      if (!Boolean.TRUE.equals(
          docker.inspectContainerCmd(unit.unit().value()).exec().getState().getRunning())) {
        return;
      }
      if (why != null) {
        limits.note(unit.unit().value(), why);
      }
      stopped.add(unit.unit());
      docker.stopContainerCmd(unit.unit().value()).withTimeout((int) grace.toSeconds()).exec();
    } catch (NotFoundException | NotModifiedException e) {
      LOG.atDebug().addKeyValue("unit", unit.unit()).setCause(e).log("Container had ended");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("unit", unit.unit()).setCause(e).log("Container was not stopped");
    }
  }

  @Override
  public String tail(Launched unit, int bytes) {
    String text = log.of(unit.unit().value());
    return text.substring(Math.max(0, text.length() - bytes));
  }

  @Override
  public byte[] logs(Launched unit, long offset, int most) {
    return log.of(unit.unit().value(), offset, most);
  }

  @Override
  public void release(Launched unit, boolean keepWorkspace) {
    removeContainers(unit.unit());
    sides.forget(unit.unit());
    stopped.remove(unit.unit());
    if (!keepWorkspace) {
      removeVolume(unit.workspace());
    }
  }

  private void removeContainers(UnitId unit) {
    limits.forget(unit.value());
    containers.remove(unit.value());
    try {
      sides.removeAllOf(unit);
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("unit", unit).setCause(e).log("Containers beside it were not found");
    }
  }

  @Override
  public List<Workspace> workspaces() {
    try {
      return volumes.list();
    } catch (RuntimeException e) {
      throw new LaunchException("Docker does not list its volumes: " + message(e), true, e);
    }
  }

  @Override
  public boolean remove(Workspace workspace) {
    return removeVolume(workspace.name());
  }

  private boolean removeVolume(UnitId workspace) {
    try {
      return volumes.remove(workspace);
    } catch (RuntimeException e) {
      throw new LaunchException("Docker did not remove the workspace: " + message(e), true, e);
    }
  }

  @Override
  public OptionalLong freeBytes() {
    return volumes.freeBytes();
  }

  @Override
  public Sides sides() {
    return sides;
  }

  /** Removes the instance's networks, for servers that will not come back. */
  public void removeNetworks() {
    networks.remove();
  }

  @Override
  public void close() {
    pool.close();
    outOfMemory.close();
    try {
      docker.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Docker connection was not closed");
    }
  }

  static String message(RuntimeException fault) {
    return Optional.ofNullable(fault.getMessage()).orElse(fault.toString()).strip();
  }
}
