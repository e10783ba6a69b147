package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.client.WorkClient;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lease of one run, and decides when its unit must be ended: some time after a cancel
 * that the engine did not follow, at its time limit, when its engine does not begin, or when the
 * run is not ours any more. One thread calls {@link #look} about every second; others may ask.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final WorkClient client;
  private final InstantSource clock;
  private final QueueConfig config;
  private final RunId run;
  private final long fence;
  private final Deadline deadline;
  private @Nullable Instant renewNext;
  private volatile @Nullable Instant overSince;
  private volatile @Nullable Instant cancelledSince;
  private String cancelledBy = "";
  private volatile @Nullable Instant launchedAt;
  private boolean unseen;

  /** When a run will have taken too long, and what its limit was, in words. */
  record Deadline(Instant at, String reason) {
    private static final String ADVICE =
        ": let it do less, or give the pipeline or the server (--time-limit) a longer one.";

    static Deadline of(Instant at, Duration limit) {
      return new Deadline(at, "The run took longer than its limit of " + words(limit) + ADVICE);
    }

    static Deadline found(Instant at) {
      return new Deadline(at, "The run took longer than its time limit" + ADVICE);
    }

    static String words(Duration limit) {
      return limit.toSeconds() % 60 == 0
          ? limit.toMinutes() + " minutes"
          : limit.toSeconds() + " seconds";
    }
  }

  Keeper(Watching watching, RunId run, long fence, Deadline deadline) {
    this.client = watching.client();
    this.clock = watching.clock();
    this.config = watching.config();
    this.run = run;
    this.fence = fence;
    this.deadline = deadline;
  }

  /**
   * Renews the lease if it is time; the order to end the unit, if there is one. The first look only
   * starts the clock, as the claim of the run has just made its lease.
   */
  Optional<Order> look() {
    Instant now = clock.instant();
    Instant due = renewNext;
    if (due == null) {
      renewNext = now.plus(config.renewEvery());
    } else if (!now.isBefore(due)) {
      renewNext = now.plus(config.renewEvery());
      if (renew(now)) {
        return Optional.of(new Order.Fenced());
      }
    }
    if (passed(now, cancelledSince)) {
      return end(
          LaunchEnd.Kind.STOPPED,
          "The engine did not end within %d s of the cancel%s, so it was ended."
              .formatted(config.cancelGrace().toSeconds(), cancelledBy));
    }
    if (passed(now, overSince)) {
      return end(LaunchEnd.Kind.STOPPED, "The run was over, but its engine did not end.");
    }
    if (!now.isBefore(deadline.at())) {
      return Optional.of(
          new Order.End(
              LaunchEnd.Kind.LIMIT, deadline.reason(), config.stopGrace(), LaunchEnd.Limit.TIME));
    }
    Instant begun = launchedAt;
    return begun != null && unseen && !now.isBefore(begun.plus(config.startDeadline()))
        ? end(
            LaunchEnd.Kind.START_FAILED,
            "The engine did not report to the server within %s: look whether it can reach it (--engine-url), or give it longer (--start-deadline)."
                .formatted(Deadline.words(config.startDeadline())))
        : Optional.empty();
  }

  /** From now on the engine has its time to begin. */
  void launched() {
    launchedAt = clock.instant();
  }

  private Optional<Order> end(LaunchEnd.Kind kind, String reason) {
    return Optional.of(new Order.End(kind, reason, config.stopGrace()));
  }

  /** True if the run was cancelled before anything was started for it. */
  boolean isUnwanted() {
    return cancelledSince != null || overSince != null;
  }

  private boolean passed(Instant now, @Nullable Instant since) {
    return since != null && !now.isBefore(since.plus(config.cancelGrace()));
  }

  /** True if the lease was refused for good. */
  private boolean renew(Instant now) {
    try {
      Control control = client.renew(run, new Lease(fence));
      unseen = !control.engineSeen();
      if (control.finished() && overSince == null) {
        overSince = now;
      }
      if (control.cancelledAt() != null && cancelledSince == null) {
        cancelledSince = now;
        cancelledBy = control.cancelledBy() == null ? "" : " by " + control.cancelledBy();
      }
      return false;
    } catch (ApiException e) {
      boolean lost = e.is(Problem.Code.FENCED) || e.is(Problem.Code.NOT_FOUND);
      LOG.atWarn()
          .addKeyValue("run", run)
          .addKeyValue("lost", lost)
          .setCause(e)
          .log("Lease was refused");
      return lost;
    } catch (UncheckedIOException e) {
      LOG.atDebug().addKeyValue("run", run).setCause(e).log("Lease was not renewed");
      return false;
    }
  }
}
