package dev.pipewright.spawner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.pipewright.spawner.launch.Ahead;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.UnitId;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers whose engines wait, warm, for a run, each for one run only. A container is made with
 * an empty volume of its own, as its mounts cannot be changed later: so it serves the first launch
 * in a workspace, of a run that is confined as usual, and every other launch is started as usual.
 * What was made is replaced in the background, one at a time, and not while launches are under way.
 * Thread-safe.
 */
final class Pool implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration AFTER_LAUNCH = Duration.ofMillis(500);
  private static final Duration LONGEST_STEP = Duration.ofSeconds(10);
  private static final int MOST_TRIES = 8;
  private static final Duration AFTER_FAULT = Duration.ofSeconds(15);

  private final DockerClient docker;
  private final Containers containers;
  private final Volumes volumes;
  private final Units units;
  private final int size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The images of base images, the one that was used last at the end. */
  private final Map<String, String> expected = new LinkedHashMap<>();

  private final List<StandbyContainer> waiting = new ArrayList<>();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong removed = new AtomicLong();
  private final Thread maker;
  private int launching;
  private long quietUntil = System.nanoTime();
  private boolean draining;

  Pool(DockerClient docker, Containers containers, Volumes volumes, Units units, int size) {
    this.docker = docker;
    this.containers = containers;
    this.volumes = volumes;
    this.units = units;
    this.size = size;
    this.maker = Thread.ofVirtual().name("docker-pool").start(this::run);
  }

  /** How many containers wait for their run when nothing else is to be done. */
  int size() {
    return size;
  }

  /** How the containers stand. */
  Ahead ahead() {
    lock.lock();
    try {
      return new Ahead(waiting.size(), hits.get(), misses.get(), made.get(), removed.get());
    } finally {
      lock.unlock();
    }
  }

  /** Runs of {@code base} use this image from now on. */
  void expect(String base, String image) {
    lock.lock();
    try {
      expected.remove(base);
      expected.put(base, image);
      if (expected.size() > size) {
        expected.remove(expected.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A launch begins: nothing is made until it is over. */
  void pause() {
    lock.lock();
    try {
      launching++;
    } finally {
      lock.unlock();
    }
  }

  /** A launch is over. */
  void goOn() {
    lock.lock();
    try {
      launching--;
      quietUntil = Math.max(quietUntil, System.nanoTime() + AFTER_LAUNCH.toNanos());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives a waiting engine the run of a launch.
   *
   * @return false if the launch is to be started as usual; nothing runs for it then
   */
  boolean assign(LaunchRequest request, String image) {
    if (size == 0) {
      return false;
    }
    boolean assigned = hasAssigned(request, image);
    (assigned ? hits : misses).incrementAndGet();
    return assigned;
  }

  private boolean hasAssigned(LaunchRequest request, String image) {
    Optional<StandbyContainer> taken =
        request.confinement() == Confinement.USUAL && request.command().isEmpty()
            ? take(image)
            : Optional.empty();
    if (taken.isEmpty()) {
      LOG.atDebug().addKeyValue("unit", request.unit()).log("No engine waits for a run");
      return false;
    }
    StandbyContainer container = taken.get();
    try {
      if (!volumes.assign(request, container.name())) {
        giveBack(container);
        return false;
      }
      // From here on the volume is the run's, whatever becomes of the container.
      if (hasBegun(request, container)) {
        LOG.atInfo().addKeyValue("unit", request.unit()).log("A waiting engine got its run");
        return true;
      }
    } catch (InterruptedException e) {
      remove(container);
      Thread.currentThread().interrupt();
      throw new LaunchException("interrupted while an engine got its run", true, e);
    } catch (RuntimeException e) {
      remove(container);
      throw e;
    }
    remove(container);
    return false;
  }

  /** Tells a waiting engine its run; false if it had ended before. */
  private boolean hasBegun(LaunchRequest request, StandbyContainer container)
      throws InterruptedException {
    try {
      docker.renameContainerCmd(container.id()).withName(request.unit().value()).exec();
      if (container.hasEnded()) {
        return false;
      }
      container.tell(request);
      ContainerState state = docker.inspectContainerCmd(container.id()).exec().getState();
      Long code = state.getExitCodeLong();
      return Boolean.TRUE.equals(state.getRunning())
          || code == null
          || code != Verdicts.NEVER_ASSIGNED;
    } catch (NotFoundException | ConflictException e) {
      LOG.atInfo().addKeyValue("unit", request.unit()).setCause(e).log("Engine does not wait");
      return false;
    }
  }

  private Optional<StandbyContainer> take(String image) {
    lock.lock();
    try {
      Optional<StandbyContainer> found =
          waiting.stream()
              .filter(container -> container.image().equals(image) && !container.hasEnded())
              .findFirst();
      found.ifPresent(waiting::remove);
      return found;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(StandbyContainer container) {
    lock.lock();
    try {
      if (!draining) {
        waiting.addFirst(container);
        return;
      }
    } finally {
      lock.unlock();
    }
    discard(container);
  }

  private void run() {
    try {
      while (!hasReaped() && !isDraining()) {
        await(AFTER_FAULT);
      }
      while (size > 0 && !isDraining()) {
        outdated().forEach(this::discard);
        String image = missing();
        if (image == null) {
          await(LOOK_EVERY);
        } else {
          make(image);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes what a process before this one has left; false if Docker is away. */
  private boolean hasReaped() {
    try {
      units.onceStandby().stream()
          .filter(UnitId::isStandby)
          .forEach(name -> containers.remove(name.value()));
      volumes.standby().forEach(volumes::remove);
      return true;
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("Docker is away");
      return false;
    }
  }

  /** Waits for so long, or until there is nothing more to do. */
  private void await(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = longest.toNanos();
      while (!draining && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** The image there is to be one more container of; null if there is none at the moment. */
  private @Nullable String missing() {
    lock.lock();
    try {
      if (launching == 0 && System.nanoTime() - quietUntil >= 0) {
        Map<String, Integer> lacking = shares();
        waiting.forEach(container -> lacking.merge(container.image(), -1, Integer::sum));
        for (String image : List.copyOf(expected.values()).reversed()) {
          if (lacking.getOrDefault(image, 0) > 0) {
            return image;
          }
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** How many there are to be of each image: dealt out in turn, beginning with the last used. */
  private Map<String, Integer> shares() {
    Map<String, Integer> shares = new HashMap<>();
    List<String> images = List.copyOf(expected.values()).reversed();
    for (int i = 0; i < size && !images.isEmpty(); i++) {
      shares.merge(images.get(i % images.size()), 1, Integer::sum);
    }
    return shares;
  }

  /** Takes out those that ended, are old, or are too many of their image. */
  private List<StandbyContainer> outdated() {
    lock.lock();
    try {
      Map<String, Integer> left = shares();
      List<StandbyContainer> found = new ArrayList<>();
      for (StandbyContainer container : waiting) {
        if (container.hasEnded()) {
          LOG.atWarn().addKeyValue("image", container.image()).log("A waiting engine ended");
          quietUntil = System.nanoTime() + AFTER_FAULT.toNanos();
        }
        boolean wanted = left.merge(container.image(), -1, Integer::sum) >= 0;
        if (!wanted || container.hasEnded() || container.age() > LIFE.toNanos()) {
          found.add(container);
        }
      }
      waiting.removeAll(found);
      return found;
    } finally {
      lock.unlock();
    }
  }

  private void make(String image) throws InterruptedException {
    UnitId name = UnitId.standby(ThreadLocalRandom.current().nextLong());
    try {
      volumes.makeStandby(name);
      String id = containers.makeStandby(name, image);
      StandbyContainer container = StandbyContainer.attach(docker, name, id, image);
      containers.startCreated(id);
      giveBack(container);
      made.incrementAndGet();
      LOG.atInfo().addKeyValue("image", image).log("An engine waits for a run");
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("image", image).setCause(e).log("No engine was started ahead");
      containers.remove(name.value());
      removeVolume(name);
      await(AFTER_FAULT);
    }
  }

  private void discard(StandbyContainer container) {
    removed.incrementAndGet();
    remove(container);
    removeVolume(container.name());
  }

  private void remove(StandbyContainer container) {
    container.close();
    containers.remove(container.id());
  }

  /** Tries a few times, as somebody else may just be removing the container that uses it. */
  private void removeVolume(UnitId name) {
    try {
      for (int tries = 0; !volumes.remove(name) && tries < MOST_TRIES; tries++) {
        TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("volume", name).setCause(e).log("Volume was not removed");
    }
  }

  /** Makes no more, and removes those that wait. */
  void drain() {
    List<StandbyContainer> left;
    lock.lock();
    try {
      draining = true;
      left = List.copyOf(waiting);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    left.forEach(this::discard);
  }

  @Override
  public void close() {
    drain();
    try {
      maker.join(LONGEST_STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
