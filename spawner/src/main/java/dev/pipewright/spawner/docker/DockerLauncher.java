package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.BadRequestException;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.launch.UnitId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every engine in a container of its own. The container has the name of the unit, so that two
 * launches of one unit meet in the daemon; the workspace is a volume that all launches of a run
 * share. Pulls no images.
 */
public final class DockerLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(DockerLauncher.class);
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int KILLED = 137;
  private static final int CONNECTIONS = 200;
  private static final Duration OOM_NEWS = Duration.ofMillis(700);
  private static final Duration RECONNECT = Duration.ofSeconds(1);
  private static final int TAIL_LINES = 200;
  private static final int LOG_SECONDS = 10;
  private static final int TURNS = 16;
  private static final String INIT_FAULT = "[FATAL tini";

  /** Launches of one unit take turns, so that none of them clears away what another one made. */
  private final List<ReentrantLock> turns =
      Stream.generate(ReentrantLock::new).limit(TURNS).toList();

  private final DockerLauncherConfig config;
  private final DockerClient docker;
  private final Networks networks;
  private final Containers containers;
  private final OutOfMemory outOfMemory;
  private final Set<UnitId> stopped = ConcurrentHashMap.newKeySet();

  /** A launcher on the daemon of the configuration; connects when it is used first. */
  public DockerLauncher(DockerLauncherConfig config) {
    this.config = config;
    this.docker = connect(config);
    this.networks = new Networks(docker, config.instance());
    this.containers = new Containers(docker, config, networks);
    this.outOfMemory = new OutOfMemory(docker, config.instance());
  }

  private static DockerClient connect(DockerLauncherConfig config) {
    DefaultDockerClientConfig.Builder builder =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    if (config.host() != null) {
      builder.withDockerHost(config.host().toString());
    }
    DefaultDockerClientConfig settings = builder.build();
    return DockerClientImpl.getInstance(
        settings,
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(settings.getDockerHost())
            .sslConfig(settings.getSSLConfig())
            .maxConnections(CONNECTIONS)
            .connectionTimeout(Duration.ofSeconds(5))
            .build());
  }

  /** True if a daemon answers at the configured place. */
  public static boolean answers(DockerLauncherConfig config) {
    try (DockerClient client = connect(config)) {
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
    ReentrantLock turn = turns.get(Math.floorMod(request.unit().hashCode(), TURNS));
    turn.lock();
    try {
      containers.start(request, image);
      return request.launched();
    } catch (NotFoundException e) {
      removeContainer(request.unit());
      throw new LaunchException(
          "The image %s is not on the Docker host, or its engine cannot be found in it: %s"
              .formatted(image, message(e)),
          false,
          e);
    } catch (BadRequestException e) {
      removeContainer(request.unit());
      throw new LaunchException("Docker cannot start the container: " + message(e), false, e);
    } catch (RuntimeException e) {
      removeContainer(request.unit());
      throw new LaunchException("Docker did not start the container: " + message(e), true, e);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public List<Launched> list() {
    List<Launched> found = new ArrayList<>();
    try {
      docker
          .listContainersCmd()
          .withShowAll(true)
          .withLabelFilter(Map.of(Labels.INSTANCE, config.instance()))
          .exec()
          .forEach(container -> Labels.unit(container.getLabels()).ifPresent(found::add));
      return found;
    } catch (RuntimeException e) {
      throw new LaunchException("Docker does not list its containers: " + message(e), true, e);
    }
  }

  @Override
  public UnitEnd await(Launched unit) throws InterruptedException {
    while (true) {
      try {
        awaitExit(unit.unit());
        var container = docker.inspectContainerCmd(unit.unit().value()).exec();
        ContainerState state = container.getState();
        if (!Boolean.TRUE.equals(state.getRunning())) {
          return judge(unit.unit(), container.getId(), state);
        }
      } catch (NotFoundException e) {
        return new UnitEnd(
            LaunchEnd.Kind.LOST, null, "The container is gone: somebody else removed it.");
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

  private void awaitExit(UnitId unit) throws InterruptedException {
    ContainerState state = docker.inspectContainerCmd(unit.value()).exec().getState();
    if (!Boolean.TRUE.equals(state.getRunning())) {
      return;
    }
    try (WaitContainerResultCallback exit =
        docker.waitContainerCmd(unit.value()).exec(new WaitContainerResultCallback())) {
      exit.awaitCompletion();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("unit", unit).setCause(e).log("Wait was not closed");
    }
  }

  private UnitEnd judge(UnitId unit, String container, ContainerState state)
      throws InterruptedException {
    Long known = state.getExitCodeLong();
    int code = known == null ? KILLED : known.intValue();
    if (Containers.CREATED.equals(state.getStatus())) {
      return new UnitEnd(
          LaunchEnd.Kind.START_FAILED, null, "The container was made, but never started.");
    }
    if (stopped.contains(unit)) {
      return new UnitEnd(LaunchEnd.Kind.STOPPED, code, "The container was ended by Pipewright.");
    }
    if (code == NOT_EXECUTABLE || code == NOT_FOUND) {
      Optional<String> fault =
          output(unit).lines().filter(line -> line.startsWith(INIT_FAULT)).findFirst();
      if (fault.isPresent()) {
        return new UnitEnd(
            LaunchEnd.Kind.START_FAILED,
            code,
            "The command of the engine cannot be run in the image: " + fault.get());
      }
    }
    boolean shortOfMemory =
        Boolean.TRUE.equals(state.getOOMKilled())
            || outOfMemory.hit(container, code == KILLED ? OOM_NEWS : Duration.ZERO);
    return code != 0 && shortOfMemory
        ? new UnitEnd(
            LaunchEnd.Kind.OOM,
            code,
            "The container ran out of memory: it may use %d MiB."
                .formatted(config.memoryBytes() >> 20))
        : UnitEnd.exited("container", code);
  }

  @Override
  public void stop(Launched unit, Duration grace) {
    try {
      if (!Boolean.TRUE.equals(
          docker.inspectContainerCmd(unit.unit().value()).exec().getState().getRunning())) {
        return;
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
    String text = output(unit.unit());
    return text.substring(Math.max(0, text.length() - bytes));
  }

  private String output(UnitId unit) {
    StringBuilder text = new StringBuilder();
    try (ResultCallback.Adapter<Frame> lines =
        docker
            .logContainerCmd(unit.value())
            .withStdOut(true)
            .withStdErr(true)
            .withTail(TAIL_LINES)
            .exec(
                new ResultCallback.Adapter<>() {
                  @Override
                  public void onNext(Frame frame) {
                    text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                  }
                })) {
      lines.awaitCompletion(LOG_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().addKeyValue("unit", unit).setCause(e).log("No output to be had");
    }
    return text.toString();
  }

  @Override
  public void release(Launched unit, boolean keepWorkspace) {
    removeContainer(unit.unit());
    stopped.remove(unit.unit());
    if (keepWorkspace) {
      return;
    }
    try {
      docker.removeVolumeCmd(unit.workspace().value()).exec();
    } catch (NotFoundException | ConflictException e) {
      LOG.atDebug()
          .addKeyValue("volume", unit.workspace())
          .setCause(e)
          .log("Volume is gone or used");
    } catch (RuntimeException e) {
      throw new LaunchException("Docker did not remove the workspace: " + message(e), true, e);
    }
  }

  private void removeContainer(UnitId unit) {
    try {
      docker.removeContainerCmd(unit.value()).withForce(true).exec();
    } catch (NotFoundException e) {
      LOG.atDebug().addKeyValue("unit", unit).log("Container was gone");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("unit", unit).setCause(e).log("Container was not removed");
    }
  }

  /** Removes the instance's networks, for servers that will not come back. */
  public void removeNetworks() {
    networks.remove();
  }

  @Override
  public void close() {
    outOfMemory.close();
    try {
      docker.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("Docker connection was not closed");
    }
  }

  private static String message(RuntimeException fault) {
    return Optional.ofNullable(fault.getMessage()).orElse(fault.toString()).strip();
  }
}
