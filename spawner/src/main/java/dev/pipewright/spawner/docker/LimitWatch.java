package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.Mount;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.spawner.launch.DiskUse;
import dev.pipewright.spawner.launch.Footprint;
import dev.pipewright.spawner.launch.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds containers to the limits that the daemon does not hold by itself, or does not tell of:
 * disk, output of the engine, and refused processes. Looks from outside, and kills what is over.
 * Thread-safe, for one thread per container.
 */
final class LimitWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);
  private static final Duration EVERY = Duration.ofMillis(400);
  private static final int FULL_LOOKS = 3;

  private final DockerClient docker;
  private final Limits limits;
  private final EndedFor notes;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final AtomicBoolean told = new AtomicBoolean();

  LimitWatch(DockerClient docker, Limits limits, EndedFor notes) {
    this.docker = docker;
    this.limits = limits;
    this.notes = notes;
  }

  /** What is known of one container. */
  private static final class Seen {
    private final @Nullable Cgroup cgroup;
    private final @Nullable Path output;
    private final List<Path> folders;
    private final DiskUse disk = new DiskUse();
    private final Footprint footprint = new Footprint();
    private volatile long refused;
    private int fullLooks;
    private volatile Limits.@Nullable Breach breach;

    Seen(@Nullable Cgroup cgroup, @Nullable Path output, List<Path> folders) {
      this.cgroup = cgroup;
      this.output = output;
      this.folders = folders;
    }

    private void measure() {
      if (cgroup != null) {
        footprint.cpuMillis(cgroup.cpuMillis());
        footprint.memory(cgroup.memoryBytes());
      }
    }
  }

  /** An engine's container was just made here. */
  void made(String container) {
    notes.made(container);
  }

  /** Watches an engine's container in a thread of its own; closing ends the thread. */
  Thread follow(String container) {
    return Thread.ofVirtual().name("limits-" + container).start(() -> lookUntilOver(container));
  }

  private void lookUntilOver(String container) {
    try {
      while (true) {
        try {
          if (look(container, true).isPresent()) {
            return;
          }
        } catch (NotFoundException e) {
          return;
        } catch (RuntimeException e) {
          LOG.atDebug().addKeyValue("container", container).setCause(e).log("Look is tried again");
        }
        measureUntilNextLook(container);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void measureUntilNextLook(String container) throws InterruptedException {
    long next = System.nanoTime() + EVERY.toNanos();
    Seen known = seen.get(container);
    for (long left = EVERY.toNanos(); left > 0; left = next - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(
          known == null ? left : Math.min(left, known.footprint.nanosToNext()));
      if (known != null) {
        known.measure();
      }
    }
  }

  /**
   * What was seen of an ended container and those beside it; null if nothing was. Looks at its disk
   * once more where that is quick.
   */
  @Nullable ResourceUse used(String container) {
    Seen known = seen.get(container);
    if (known == null) {
      return null;
    }
    if (known.disk.isQuick()) {
      try {
        known.footprint.disk(known.disk.look(() -> disk(container, known)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.atDebug().addKeyValue("container", container).setCause(e).log("Disk is not known");
      }
    }
    return known.footprint.use();
  }

  /** Counts a container with the engine beside which it ran, and forgets it. */
  void countWith(String engine, String side) {
    notes.forget(side);
    Seen ended = seen.remove(side);
    Seen known = seen.get(engine);
    if (ended != null && known != null) {
      known.footprint.add(ended.footprint.use());
    }
  }

  /**
   * Looks once, and kills the container if it is over a limit, or was to be killed for one before.
   *
   * @param engine true if what it prints and its workspace count, which is shared
   */
  Optional<Limits.Breach> look(String container, boolean engine) throws InterruptedException {
    Seen known = seen.get(container);
    if (known == null) {
      InspectContainerResponse found = docker.inspectContainerCmd(container).exec();
      if (!Boolean.TRUE.equals(found.getState().getRunning())) {
        return Optional.empty();
      }
      known = first(found, engine);
      known.breach = notes.of(container).orElse(null);
      seen.put(container, known);
    }
    known.measure();
    Limits.Breach breach = known.breach == null ? judge(container, known) : known.breach;
    if (breach == null) {
      return Optional.empty();
    }
    if (known.breach == null) {
      if (!isRunning(container)) {
        return Optional.empty();
      }
      LOG.atWarn().addKeyValue("container", container).log(breach.reason());
      notes.note(container, breach);
      known.breach = breach;
    }
    kill(container);
    return Optional.of(breach);
  }

  private boolean isRunning(String container) {
    return Boolean.TRUE.equals(
        docker.inspectContainerCmd(container).exec().getState().getRunning());
  }

  /** Writes down that a container is about to be ended for a limit that is not held here. */
  void note(String container, Limits.Breach breach) {
    notes.note(container, breach);
  }

  /** The limit a container was ended for, now or before a restart. */
  Optional<Limits.Breach> breach(String container) {
    Seen known = seen.get(container);
    return known == null || known.breach == null ? notes.of(container) : Optional.of(known.breach);
  }

  /** The limit a container that failed met before it ended by itself. */
  Optional<Limits.Breach> met(String container) {
    Seen known = seen.get(container);
    return known != null && known.refused > 0
        ? Optional.of(limits.ofProcesses())
        : Optional.empty();
  }

  void forget(String container) {
    seen.remove(container);
    notes.forget(container);
  }

  private static Seen first(InspectContainerResponse found, boolean engine) {
    List<Path> folders = new ArrayList<>();
    for (Mount mount : mounts(found)) {
      if (mount.getName() != null && mount.getSource() != null && (engine || !isWorkspace(mount))) {
        folders.add(Path.of(mount.getSource()));
      }
    }
    Long pid = found.getState().getPidLong();
    String log = found.getLogPath();
    return new Seen(
        pid == null ? null : Cgroup.of(pid).orElse(null),
        !engine || log == null || log.isEmpty() ? null : Path.of(log),
        folders);
  }

  private static boolean isWorkspace(Mount mount) {
    return mount.getDestination() != null
        && Containers.WORKSPACE.equals(mount.getDestination().getPath());
  }

  private static List<Mount> mounts(InspectContainerResponse found) {
    List<Mount> mounts = found.getMounts();
    return mounts == null ? List.of() : mounts;
  }

  private Limits.@Nullable Breach judge(String container, Seen known) throws InterruptedException {
    if (isOutOfProcesses(known)) {
      return limits.ofProcesses();
    }
    if (known.output != null && size(known.output) >= limits.outputBytes()) {
      return limits.ofOutput();
    }
    if (known.disk.isDue()) {
      OptionalLong bytes = known.disk.look(() -> disk(container, known));
      known.footprint.disk(bytes);
      if (bytes.isPresent() && bytes.getAsLong() > limits.diskBytes()) {
        return limits.ofDisk(bytes.getAsLong());
      }
    }
    return null;
  }

  /** True if processes were refused, and there was no room for more for a few looks. */
  private boolean isOutOfProcesses(Seen known) {
    Cgroup cgroup = known.cgroup;
    if (cgroup == null) {
      return false;
    }
    long refused = cgroup.refused();
    boolean full = refused > known.refused || cgroup.current() >= limits.processes();
    known.refused = refused;
    known.fullLooks = refused > 0 && full ? known.fullLooks + 1 : 0;
    return known.fullLooks >= FULL_LOOKS;
  }

  /** What was printed, as the daemon keeps it: the file itself and the one it has begun before. */
  private static long size(Path output) {
    try {
      Path before = output.resolveSibling(output.getFileName() + ".1");
      return Files.size(output) + (Files.exists(before) ? Files.size(before) : 0);
    } catch (IOException e) {
      return 0;
    }
  }

  private OptionalLong disk(String container, Seen known) throws InterruptedException {
    Long layer = docker.inspectContainerCmd(container).withSize(true).exec().getSizeRw();
    OptionalLong volumes = DiskUse.of(known.folders);
    if (volumes.isEmpty() && told.compareAndSet(false, true)) {
      LOG.atWarn()
          .log(
              "Volumes of the Docker daemon cannot be read, so the limit of disk does not count the"
                  + " workspaces: let the server run as root on the daemon's machine");
    }
    return OptionalLong.of((layer == null ? 0 : layer) + volumes.orElse(0));
  }

  private void kill(String container) {
    try {
      docker.killContainerCmd(container).exec();
    } catch (NotFoundException | ConflictException e) {
      LOG.atDebug().addKeyValue("container", container).setCause(e).log("Container had ended");
    }
  }
}
