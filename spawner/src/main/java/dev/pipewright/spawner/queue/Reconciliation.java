package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.retry.Retries;
import dev.pipewright.spawner.side.SideQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the launcher runs and what the State-Controller believes into line: units of live
 * runs are followed again, runs whose unit is gone are ended or given back, units without a run are
 * removed. Done at the start and from time to time. Confined to one thread at a time.
 */
final class Reconciliation {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
  private static final Duration DAEMON_AWAY = Duration.ofSeconds(5);

  private final RunQueue queue;
  private final QueueConfig config;
  private final WorkClient client;
  private final Launcher launcher;
  private final Workspaces workspaces;
  private final SideQueue sides;
  private Set<UnitId> missedBefore = Set.of();

  Reconciliation(RunQueue queue, Watching watching, Workspaces workspaces, SideQueue sides) {
    this.queue = queue;
    this.config = watching.config();
    this.client = watching.client();
    this.launcher = watching.launcher();
    this.workspaces = workspaces;
    this.sides = sides;
  }

  /** Looks once, and insists: nothing is claimed before it is known what is running already. */
  void atStart() throws InterruptedException {
    while (true) {
      try {
        look(true);
        return;
      } catch (LaunchException | ApiException e) {
        LOG.atWarn().setCause(e).log("Could not find out what is running");
        Retries.pause(DAEMON_AWAY);
      }
    }
  }

  /** Looks again and again until it is interrupted. */
  void everNow() {
    try {
      while (true) {
        Retries.pause(config.reconcileEvery());
        try {
          look(false);
        } catch (RuntimeException e) {
          LOG.atWarn().setCause(e).log("Could not find out what is running");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(boolean first) throws InterruptedException {
    Map<UnitId, Launched> units = new HashMap<>();
    launcher.list().forEach(unit -> units.put(unit.unit(), unit));
    List<Claimed> claimed = Retries.untilAnswered("list claimed runs", client::claimed);
    Set<UnitId> missed = new HashSet<>();
    for (Claimed claim : claimed) {
      UnitId id = queue.unit(claim.run(), claim.fence());
      Launched unit = units.get(id);
      if (queue.isWatched(id)) {
        continue;
      }
      if (claim.finished()) {
        endFinished(claim);
      } else if (unit != null) {
        units.remove(id);
        queue.adopt(claim, unit);
      } else if (first || missedBefore.contains(id)) {
        giveUp(claim);
      } else {
        missed.add(id);
      }
    }
    missedBefore = missed;
    units.values().forEach(this::removeOrphan);
    sides.removeOrphans();
  }

  /** A run without a unit: given back if nothing was started for it, else lost. */
  private void giveUp(Claimed claim) throws InterruptedException {
    RunId run = claim.run();
    if (claim.unit() == null && !claim.engineSeen()) {
      try {
        Retries.untilDone("requeue", () -> client.requeue(run, new Lease(claim.fence())));
        LOG.atInfo().addKeyValue("run", run).log("Run given back to the queue");
        return;
      } catch (ApiException e) {
        LOG.atInfo().addKeyValue("run", run).setCause(e).log("Run could not be given back");
      }
    }
    LaunchEnd end =
        new LaunchEnd(
            claim.fence(),
            LaunchEnd.Kind.LOST,
            null,
            "The %s launcher has no trace of the run any more.".formatted(launcher.name()),
            workspaces.until(run));
    try {
      Retries.untilDone("report end", () -> client.ended(run, end));
      LOG.atWarn().addKeyValue("run", run).log("Run is lost");
    } catch (ApiException e) {
      LOG.atInfo().addKeyValue("run", run).setCause(e).log("End was not wanted");
    }
  }

  /** A run that is over, but of whose unit nobody has reported the end; its unit goes as orphan. */
  private void endFinished(Claimed claim) throws InterruptedException {
    LaunchEnd end =
        new LaunchEnd(
            claim.fence(),
            LaunchEnd.Kind.EXITED,
            null,
            "The end of the unit was not seen.",
            workspaces.until(claim.run()));
    try {
      Retries.untilDone("report end", () -> client.ended(claim.run(), end));
    } catch (ApiException e) {
      LOG.atInfo().addKeyValue("run", claim.run()).setCause(e).log("End was not wanted");
    }
  }

  /** Its workspace stays until it is swept. */
  private void removeOrphan(Launched unit) {
    if (queue.isWatched(unit.unit())) {
      return;
    }
    LOG.atInfo().addKeyValue("unit", unit.unit()).log("Unit without a run removed");
    try {
      launcher.stop(unit, Duration.ZERO);
      launcher.release(unit, true);
    } catch (LaunchException e) {
      LOG.atWarn().addKeyValue("unit", unit.unit()).setCause(e).log("Unit was not removed");
    }
  }
}
