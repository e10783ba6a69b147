package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.Launcher;
import dev.pipewright.spawner.launch.Limits;
import dev.pipewright.spawner.launch.UnitEnd;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one launched unit to its end, reports how it ended and removes it. One thread waits for
 * the end; another one calls {@link #look} meanwhile. Interrupting the first leaves the unit
 * running, for the next start to find.
 */
final class UnitWatch {
  private static final Logger LOG = LoggerFactory.getLogger(UnitWatch.class);
  private static final int EVIDENCE_BYTES = 4096;
  private static final int EVIDENCE_SHOWN = 300;

  private final WorkClient client;
  private final Launcher launcher;
  private final Workspaces workspaces;
  private final RunId run;
  private final long fence;
  private final Keeper keeper;
  private final AtomicReference<@Nullable Order> order = new AtomicReference<>();
  private volatile @Nullable Launched unit;
  private @Nullable Thread preparing;
  private boolean found;

  /** Something that may take long before a unit can be started. */
  interface Preparation<T> {
    T run() throws InterruptedException;
  }

  UnitWatch(Watching watching, Workspaces workspaces, RunId run, long fence, Keeper keeper) {
    this.client = watching.client();
    this.launcher = watching.launcher();
    this.workspaces = workspaces;
    this.run = run;
    this.fence = fence;
    this.keeper = keeper;
  }

  /** Renews the lease and, where that leads to the decision to end the unit, ends it. */
  void look() {
    if (order.get() == null) {
      keeper.look().ifPresent(order::set);
    }
    Order given = order.get();
    Launched running = unit;
    if (given != null || keeper.isUnwanted()) {
      stopPreparing();
    }
    if (given != null && running != null) {
      LOG.atInfo().addKeyValue("run", run).addKeyValue("order", given).log("Unit is being ended");
      stop(running, given);
    }
  }

  private void stop(Launched running, Order given) {
    if (given instanceof Order.End end && end.limit() != null) {
      launcher.stop(running, end.grace(), new Limits.Breach(end.limit(), end.reason()));
    } else {
      launcher.stop(running, given.grace());
    }
  }

  private synchronized void stopPreparing() {
    Thread thread = preparing;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private synchronized void preparing(@Nullable Thread thread) {
    preparing = thread;
  }

  /** Prepares the start; given up, with an empty answer, once the run is not wanted any more. */
  <T> Optional<T> prepare(Preparation<T> preparation) throws InterruptedException {
    preparing(Thread.currentThread());
    try {
      return Optional.of(preparation.run());
    } catch (InterruptedException e) {
      if (decidedBeforeStart().isEmpty()) {
        throw e;
      }
      return Optional.empty();
    } finally {
      preparing(null);
      if (decidedBeforeStart().isPresent() && Thread.interrupted()) {
        LOG.atInfo().addKeyValue("run", run).log("Run is not wanted any more");
      }
    }
  }

  /** What was decided before the unit was started, if it need not be started any more. */
  Optional<Order> decidedBeforeStart() {
    Order given = order.get();
    if (given != null) {
      return Optional.of(given);
    }
    return keeper.isUnwanted()
        ? Optional.of(
            new Order.End(
                LaunchEnd.Kind.STOPPED, "The run was cancelled before it began.", Duration.ZERO))
        : Optional.empty();
  }

  /**
   * As {@link #follow}, for a unit that was found after a restart: where its launch was cut off
   * before it began, the run is given back to the queue.
   */
  void followFound(Launched launched) throws InterruptedException {
    found = true;
    follow(launched);
  }

  /** Waits for the end of {@code launched}, reports and removes it. */
  void follow(Launched launched) throws InterruptedException {
    unit = launched;
    keeper.launched();
    UnitEnd end = launcher.await(launched);
    unit = null;
    switch (order.get()) {
      case null -> {
        if (found && end.kind() == LaunchEnd.Kind.START_FAILED) {
          remove(launched);
          if (!isGivenBack()) {
            reportUnstarted(end.kind(), end.reason());
          }
        } else {
          String reason = end.limit() == null ? withEvidence(end, launched) : end.reason();
          report(launched, new UnitEnd(end.kind(), end.exitCode(), reason, end.limit()));
        }
      }
      case Order.End given -> {
        boolean own = end.kind() == LaunchEnd.Kind.OOM || end.kind() == LaunchEnd.Kind.LIMIT;
        report(
            launched,
            own ? end : new UnitEnd(given.kind(), end.exitCode(), given.reason(), given.limit()));
      }
      case Order.Fenced _ -> {
        LOG.atInfo().addKeyValue("run", run).log("Unit of an old launch ended");
        remove(launched);
      }
    }
  }

  /** Of a unit that was removed, as removing it must not meet the next launch of the run. */
  private boolean isGivenBack() throws InterruptedException {
    try {
      Retries.untilDone("requeue", () -> client.requeue(run, new Lease(fence)));
      LOG.atInfo().addKeyValue("run", run).log("Run given back to the queue");
      return true;
    } catch (ApiException e) {
      LOG.atInfo().addKeyValue("run", run).setCause(e).log("Run could not be given back");
      return false;
    }
  }

  /** Reports the end of a unit, with how long its workspace stays, and removes it. */
  private void report(Launched launched, UnitEnd end) throws InterruptedException {
    // Nobody wants to keep what filled the disk.
    Instant until = end.limit() == LaunchEnd.Limit.DISK ? null : workspaces.until(run);
    report(
        new LaunchEnd(
            fence,
            end.kind(),
            end.exitCode(),
            end.reason(),
            until,
            end.limit(),
            launcher.used(launched)));
    release(launched, until != null);
  }

  /** Reports that no unit was started; the workspace of an earlier launch, if any, stays. */
  void reportUnstarted(LaunchEnd.Kind kind, String reason) throws InterruptedException {
    report(new LaunchEnd(fence, kind, null, reason, workspaces.until(run)));
  }

  /** Ends and removes a unit at once; its workspace stays. */
  void remove(Launched launched) {
    launcher.stop(launched, Duration.ZERO);
    release(launched, true);
  }

  private void release(Launched launched, boolean keepWorkspace) {
    try {
      launcher.release(launched, keepWorkspace);
    } catch (LaunchException e) {
      LOG.atWarn().addKeyValue("unit", launched.unit()).setCause(e).log("Unit was not removed");
    }
  }

  /** Reports an end; a run that is not ours any more is left alone. */
  private void report(LaunchEnd end) throws InterruptedException {
    LOG.atInfo()
        .addKeyValue("run", run)
        .addKeyValue("kind", end.kind())
        .addKeyValue("exit", end.exitCode())
        .log("Unit ended");
    try {
      Retries.untilDone("report end", () -> client.ended(run, end));
    } catch (ApiException e) {
      LOG.atWarn().addKeyValue("run", run).setCause(e).log("End was not wanted");
    }
  }

  private String withEvidence(UnitEnd end, Launched launched) {
    if (end.isOrderly()) {
      return end.reason();
    }
    List<String> lines =
        launcher.tail(launched, EVIDENCE_BYTES).lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      return end.reason();
    }
    String last = lines.getLast().replaceAll("\\p{Cntrl}", " ").strip();
    return end.reason()
        + " Its last words: "
        + last.substring(0, Math.min(EVIDENCE_SHOWN, last.length()));
  }
}
