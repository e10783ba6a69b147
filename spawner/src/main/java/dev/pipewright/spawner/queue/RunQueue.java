package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.Confinement;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.LaunchRequest;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.spawner.retry.Retries;
import dev.pipewright.spawner.side.SideQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims queued runs while there is room, starts a unit for each and follows it to its end.
 * Thread-safe; interrupting its threads leaves all units running.
 */
public final class RunQueue {
  private static final Logger LOG = LoggerFactory.getLogger(RunQueue.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);
  private static final List<Duration> LAUNCH_PAUSES =
      List.of(Duration.ofMillis(500), Duration.ofSeconds(3));

  private final Watching watching;
  private final QueueConfig config;
  private final WorkClient client;
  private final Launcher launcher;
  private final InstantSource clock;
  private final Executor threads;
  private final Images images;
  private final Workspaces workspaces;
  private final SideQueue sides;
  private final Capacity capacity;
  private final Semaphore starting;
  private final Set<UnitId> watched = ConcurrentHashMap.newKeySet();

  /** The units that are wanted and of which nobody was told yet. */
  private final Set<UnitId> unsettled = ConcurrentHashMap.newKeySet();

  private volatile boolean draining;

  /** A queue that uses one or two threads of {@code threads} for each run. */
  public RunQueue(
      QueueConfig config,
      WorkClient client,
      Launcher launcher,
      InstantSource clock,
      Executor threads) {
    this.watching = new Watching(config, client, launcher, clock);
    this.config = config;
    this.client = client;
    this.launcher = launcher;
    this.clock = clock;
    this.threads = threads;
    this.images = new Images(client, clock);
    this.workspaces = new Workspaces(watching);
    this.sides =
        new SideQueue(config.instance(), client, launcher.sides(), this::isWatched, threads);
    this.capacity = new Capacity(config.maxRuns());
    this.starting = new Semaphore(config.maxStarting());
  }

  /** Claims no more runs from now on; what is claimed meanwhile is given back. */
  public void drain() {
    draining = true;
    launcher.drain();
  }

  /** True while a claimed run is being started. */
  public boolean isStarting() {
    return !unsettled.isEmpty();
  }

  /**
   * Finds its way after a restart, then claims and starts runs until it is drained or interrupted.
   */
  public void run() {
    try {
      Reconciliation reconciliation = new Reconciliation(this, watching, workspaces, sides);
      reconciliation.atStart();
      threads.execute(reconciliation::everNow);
      threads.execute(workspaces::sweepEverNow);
      threads.execute(sides::run);
      if (launcher.startsAhead()) {
        threads.execute(this::expectDefault);
        threads.execute(new PoolReports(watching)::run);
      }
      while (!draining) {
        capacity.take();
        Optional<LaunchOrder> order = claim();
        if (order.isEmpty()) {
          capacity.giveBack();
        } else if (draining) {
          giveBack(order.get());
        } else {
          LaunchOrder claimed = order.get();
          UnitId unit = unit(claimed.run(), claimed.fence());
          watched.add(unit);
          unsettled.add(unit);
          threads.execute(() -> carryOut(claimed));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets units be started ahead of need before the first run has shown of which image. */
  private void expectDefault() {
    try {
      launcher.expect(config.defaultBaseImage(), images.of(config.defaultBaseImage()));
    } catch (LaunchException | ApiException e) {
      LOG.atWarn().setCause(e).log("No unit is started ahead of need before the first run");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<LaunchOrder> claim() throws InterruptedException {
    try {
      return Retries.untilAnswered("claim run", () -> client.claimRun(POLL));
    } catch (ApiException | IllegalArgumentException e) {
      LOG.atError().setCause(e).log("Could not claim runs");
      Retries.pause(AFTER_REFUSAL);
      return Optional.empty();
    }
  }

  private void giveBack(LaunchOrder order) throws InterruptedException {
    try {
      Retries.untilDone("requeue", () -> client.requeue(order.run(), new Lease(order.fence())));
    } catch (ApiException e) {
      LOG.atInfo().addKeyValue("run", order.run()).setCause(e).log("Run was not given back");
    }
  }

  UnitId unit(RunId run, long fence) {
    return UnitId.of(config.instance(), run, fence);
  }

  boolean isWatched(UnitId unit) {
    return watched.contains(unit);
  }

  /** Follows a unit that a former process of this instance has started. */
  void adopt(Claimed claimed, Launched unit) {
    watched.add(unit.unit());
    capacity.takeAnyway();
    Keeper keeper =
        new Keeper(watching, unit.run(), unit.fence(), Keeper.Deadline.found(unit.deadline()));
    UnitWatch watch = new UnitWatch(watching, workspaces, unit.run(), unit.fence(), keeper);
    LOG.atInfo().addKeyValue("run", unit.run()).log("Unit found again");
    threads.execute(
        () ->
            withKeeper(
                watch,
                unit.unit(),
                () -> {
                  if (claimed.unit() != null || reportLaunched(unit, null)) {
                    watch.followFound(unit);
                  } else {
                    watch.remove(unit);
                  }
                }));
  }

  private void carryOut(LaunchOrder order) {
    Duration limit = limit(order.timeLimitSeconds());
    Instant deadline = clock.instant().plus(limit);
    Keeper keeper =
        new Keeper(watching, order.run(), order.fence(), Keeper.Deadline.of(deadline, limit));
    UnitWatch watch = new UnitWatch(watching, workspaces, order.run(), order.fence(), keeper);
    withKeeper(
        watch, unit(order.run(), order.fence()), () -> launchAndFollow(order, deadline, watch));
  }

  /** What the pipeline asks for, but no more than the server allows. */
  private Duration limit(@Nullable Long seconds) {
    return seconds == null || seconds > config.timeLimit().toSeconds()
        ? config.timeLimit()
        : Duration.ofSeconds(seconds);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /** Does the work of one run while a second thread keeps its lease; frees its place at the end. */
  private void withKeeper(UnitWatch watch, UnitId unit, Work work) {
    Thread keeper = Thread.ofVirtual().name("keeper-" + unit).start(() -> keepLooking(watch));
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("unit", unit).setCause(e).log("Unit is not watched any more");
    } finally {
      keeper.interrupt();
      unsettled.remove(unit);
      watched.remove(unit);
      capacity.giveBack();
    }
  }

  private static void keepLooking(UnitWatch watch) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          watch.look();
        } catch (RuntimeException e) {
          LOG.atWarn().setCause(e).log("Could not look after a unit");
        }
        Retries.pause(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void launchAndFollow(LaunchOrder order, Instant deadline, UnitWatch watch)
      throws InterruptedException {
    Launched unit;
    String image;
    try {
      image =
          launcher.needsImage() ? watch.prepare(() -> images.of(base(order))).orElse(null) : null;
      Optional<Order> decided = watch.decidedBeforeStart();
      if (decided.isPresent()) {
        if (decided.get() instanceof Order.End end) {
          watch.reportUnstarted(end.kind(), end.reason());
        }
        return;
      }
      unit = launch(request(order, image, deadline));
      if (image != null) {
        launcher.expect(base(order), image);
      }
    } catch (LaunchException e) {
      images.forget(base(order));
      watch.reportUnstarted(LaunchEnd.Kind.START_FAILED, message(e));
      return;
    }
    boolean wanted = reportLaunched(unit, image);
    unsettled.remove(unit.unit());
    if (wanted) {
      watch.follow(unit);
    } else {
      watch.remove(unit);
    }
  }

  private String base(LaunchOrder order) {
    String base = order.baseImage();
    return base == null ? config.defaultBaseImage() : base;
  }

  private LaunchRequest request(LaunchOrder order, @Nullable String image, Instant deadline) {
    return new LaunchRequest(
        unit(order.run(), order.fence()),
        order.run(),
        order.fence(),
        Workspace.of(config.instance(), order.run(), order.workspace()),
        order.token(),
        image,
        confinement(order),
        deadline,
        List.of(),
        order.resources());
  }

  private static Confinement confinement(LaunchOrder order) {
    if (order.isolated()) {
      return Confinement.ISOLATED;
    }
    return order.foreign() ? Confinement.FOREIGN : Confinement.USUAL;
  }

  private Launched launch(LaunchRequest request) throws InterruptedException {
    for (Duration pause : LAUNCH_PAUSES) {
      try {
        return launchOnce(request);
      } catch (LaunchException e) {
        if (!e.retryable()) {
          throw e;
        }
        LOG.atWarn().addKeyValue("run", request.run()).setCause(e).log("Launch is tried again");
      }
      Retries.pause(pause);
    }
    return launchOnce(request);
  }

  private Launched launchOnce(LaunchRequest request) throws InterruptedException {
    starting.acquire();
    try {
      Launched unit = launcher.launch(request);
      LOG.atInfo()
          .addKeyValue("run", request.run())
          .addKeyValue("unit", unit.unit())
          .log("Unit launched");
      return unit;
    } finally {
      starting.release();
    }
  }

  /** False if the run is not ours any more. */
  private boolean reportLaunched(Launched unit, @Nullable String image)
      throws InterruptedException {
    try {
      LaunchReport report = new LaunchReport(unit.fence(), unit.unit().value(), image);
      Retries.untilDone("report launch", () -> client.launched(unit.run(), report));
      return true;
    } catch (ApiException e) {
      LOG.atWarn().addKeyValue("run", unit.run()).setCause(e).log("Launch was not wanted");
      return false;
    }
  }

  private static String message(LaunchException fault) {
    return fault.getMessage() == null ? "The unit could not be started." : fault.getMessage();
  }
}
