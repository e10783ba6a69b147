package dev.pipewright.spawner.side;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.launch.LaunchException;
import dev.pipewright.spawner.launch.SideId;
import dev.pipewright.spawner.launch.SideLaunch;
import dev.pipewright.spawner.launch.SideStatus;
import dev.pipewright.spawner.launch.Sides;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one container beside an engine and reports how it stands. One thread starts and follows
 * it; another one may stop it at any time.
 */
final class SideWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SideWatch.class);
  private static final int OUTPUT_SHOWN = 60_000;
  private static final Duration LOOK_SOON = Duration.ofMillis(50);
  private static final Duration LOOK_LATER = Duration.ofMillis(500);

  private final WorkClient client;
  private final Sides sides;
  private final Predicate<UnitId> alive;
  private final SideId side;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile boolean stopped;
  private boolean running;

  SideWatch(WorkClient client, Sides sides, Predicate<UnitId> alive, SideId side) {
    this.client = client;
    this.sides = sides;
    this.alive = alive;
    this.side = side;
  }

  /** Starts the container and follows it to its end. */
  void carryOut(SideLaunch launch) throws InterruptedException {
    if (begin(launch)) {
      follow();
    }
  }

  private boolean begin(SideLaunch launch) throws InterruptedException {
    starting.lock();
    try {
      if (stopped) {
        return false;
      }
      if (!alive.test(side.unit())) {
        throw new LaunchException("The launch it belongs to is over.", false, null);
      }
      sides.start(launch);
      LOG.atInfo().addKeyValue("side", side).addKeyValue("image", launch.image()).log("Started");
      return true;
    } catch (LaunchException e) {
      LOG.atWarn().addKeyValue("side", side).setCause(e).log("Container was not started");
      report(SideView.State.FAILED, null, e.getMessage());
      return false;
    } finally {
      starting.unlock();
    }
  }

  /** Reports what becomes of a container that was started; with its unit it ends unreported. */
  void follow() throws InterruptedException {
    while (!stopped && alive.test(side.unit())) {
      try {
        if (isOver(sides.look(side))) {
          return;
        }
      } catch (LaunchException e) {
        LOG.atDebug().addKeyValue("side", side).setCause(e).log("Look is tried again");
      }
      Retries.pause(running ? LOOK_LATER : LOOK_SOON);
    }
  }

  private boolean isOver(Optional<SideStatus> looked) throws InterruptedException {
    if (stopped || !alive.test(side.unit())) {
      return true;
    }
    if (looked.isEmpty()) {
      report(SideView.State.ENDED, null, "The container is gone: somebody else removed it.");
      return true;
    }
    SideStatus status = looked.get();
    switch (status.state()) {
      case RUNNING -> {
        if (!running) {
          running = true;
          report(SideView.State.RUNNING, null, null);
        }
        return false;
      }
      case ENDED -> {
        endedByItself(status);
        return true;
      }
      case FAILED -> {
        // A service that was healthy once may be too busy for a check.
        if (running) {
          return false;
        }
        endedByItself(status);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private void endedByItself(SideStatus status) throws InterruptedException {
    String output = sides.output(side, OUTPUT_SHOWN);
    report(status.state(), status.exitCode(), status.reason(), output);
    sides.remove(side);
  }

  /** Ends the container, also one that is just being started. */
  void stop() throws InterruptedException {
    stopped = true;
    String output;
    starting.lock();
    try {
      output = sides.output(side, OUTPUT_SHOWN);
      sides.remove(side);
    } finally {
      starting.unlock();
    }
    report(SideView.State.ENDED, null, "It was not needed any more.", output);
  }

  private void report(SideView.State state, @Nullable Integer exitCode, @Nullable String reason)
      throws InterruptedException {
    report(state, exitCode, reason, "");
  }

  private void report(
      SideView.State state, @Nullable Integer exitCode, @Nullable String reason, String output)
      throws InterruptedException {
    SideReport report =
        new SideReport(
            side.fence(), side.key(), state, exitCode, reason, output.isEmpty() ? null : output);
    try {
      Retries.untilDone("report side", () -> client.sideReported(side.run(), report));
    } catch (ApiException e) {
      LOG.atInfo().addKeyValue("side", side).setCause(e).log("Report was not wanted");
    }
  }
}
