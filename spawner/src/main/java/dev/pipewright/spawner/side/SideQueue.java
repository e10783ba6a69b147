package dev.pipewright.spawner.side;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what is to be done about containers beside the engines of this instance, and does it.
 * Thread-safe; interrupting its threads leaves the containers running.
 */
public final class SideQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SideQueue.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final String instance;
  private final WorkClient client;
  private final Sides sides;
  private final Predicate<UnitId> alive;
  private final Executor threads;
  private final Map<SideId, SideWatch> watches = new ConcurrentHashMap<>();

  /**
   * A queue that uses a thread of {@code threads} for each container.
   *
   * @param alive whether a unit is followed by this instance
   */
  public SideQueue(
      String instance, WorkClient client, Sides sides, Predicate<UnitId> alive, Executor threads) {
    this.instance = instance;
    this.client = client;
    this.sides = sides;
    this.alive = alive;
    this.threads = threads;
  }

  /** Finds its containers after a restart, then claims work until it is interrupted. */
  public void run() {
    try {
      findAgain();
      while (true) {
        claim().ifPresent(this::begin);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void findAgain() throws InterruptedException {
    while (true) {
      try {
        for (SideId side : sides.list()) {
          if (alive.test(side.unit()) && sides.look(side).isPresent()) {
            adopt(side);
          }
        }
        return;
      } catch (LaunchException e) {
        LOG.atWarn().setCause(e).log("Could not find out which containers are there");
        Retries.pause(AFTER_REFUSAL);
      }
    }
  }

  private void adopt(SideId side) {
    SideWatch watch = new SideWatch(client, sides, alive, side);
    if (watches.putIfAbsent(side, watch) == null) {
      LOG.atInfo().addKeyValue("side", side).log("Container found again");
      inThread(side, watch::follow);
    }
  }

  /** Removes containers whose unit is not there any more. */
  public void removeOrphans() {
    for (SideId side : sides.list()) {
      if (!alive.test(side.unit())) {
        LOG.atInfo().addKeyValue("side", side).log("Container without an engine removed");
        sides.remove(side);
      }
    }
  }

  private Optional<SideWork> claim() throws InterruptedException {
    try {
      return Retries.untilAnswered("claim side", () -> client.claimSide(POLL));
    } catch (ApiException | IllegalArgumentException e) {
      LOG.atError().setCause(e).log("Could not claim work on containers");
      Retries.pause(AFTER_REFUSAL);
      return Optional.empty();
    }
  }

  private void begin(SideWork work) {
    UnitId unit = UnitId.of(instance, work.run(), work.fence());
    SideId side = new SideId(unit, work.run(), work.fence(), work.key());
    SideWatch fresh = new SideWatch(client, sides, alive, side);
    if (work.order() == SideWork.Order.STOP) {
      SideWatch present = watches.get(side);
      threads.execute(() -> quietly(side, (present == null ? fresh : present)::stop));
    } else if (watches.putIfAbsent(side, fresh) == null) {
      inThread(side, () -> fresh.carryOut(launch(side, work)));
    }
  }

  private SideLaunch launch(SideId side, SideWork work) {
    UnitId workspace = Workspace.of(instance, work.run(), work.workspace()).name();
    return new SideLaunch(side, workspace, work.name(), work.image(), work.command());
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void inThread(SideId side, Work work) {
    threads.execute(
        () -> {
          try {
            quietly(side, work);
          } finally {
            watches.remove(side);
          }
        });
  }

  private static void quietly(SideId side, Work work) {
    try {
      work.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("side", side).setCause(e).log("Container is not followed any more");
    }
  }
}
