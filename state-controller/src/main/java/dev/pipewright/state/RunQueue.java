package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Claimed;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Spawners do with runs: take them, launch them, tell of their end. Thread-safe. */
public final class RunQueue {
  private static final Logger log = LoggerFactory.getLogger(RunQueue.class);

  /** How long nothing may be heard of a run that somebody holds. */
  static final Duration LEASE = Duration.ofSeconds(90);

  /** How long the token of a finished run is believed, for repeated calls. */
  static final Duration AFTERLIFE = Duration.ofMinutes(5);

  /** So long an old run that somebody has looked at stays in memory: many may be looked at. */
  private static final Duration READ_FOR = Duration.ofSeconds(2);

  private final RunBook book;
  private final RunTokens tokens;
  private final InstantSource clock;

  RunQueue(RunBook book, RunTokens tokens, InstantSource clock) {
    this.book = book;
    this.tokens = tokens;
    this.clock = clock;
    for (RunEntry entry : book.inMemory()) {
      RunRecord run = entry.record;
      if (run.tokenHash() != null) {
        tokens.know(run.tokenHash(), run.id(), run.fence());
      }
    }
  }

  /** The next queued run, if one comes within {@code wait}; it is the caller's from then on. */
  public Optional<LaunchOrder> claim(String holder, Duration wait) {
    return book.line().take(wait, entry -> claim(entry, holder));
  }

  private Optional<LaunchOrder> claim(RunEntry entry, String holder) {
    if (entry.record.state() != RunState.QUEUED) {
      return Optional.empty();
    }
    String token = Hashes.newToken("run");
    Instant now = clock.instant();
    try {
      RunRecord run = book.change(entry, draft -> draft.claim(holder, Hashes.of(token), now));
      entry.heard = now;
      tokens.know(Hashes.of(token), run.id(), run.fence());
      return Optional.of(
          new LaunchOrder(
              run.id(),
              run.attempt().number(),
              run.fence(),
              token,
              run.order().source(),
              run.order().plan().image(),
              run.order().isolated(),
              run.order().timeLimitSeconds(),
              run.attempt().workspace(),
              !run.order().origin().isVouchedFor(),
              run.order().plan().resources()));
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  /** How many runs wait. */
  public int length() {
    return book.line().length();
  }

  /** What this Spawner holds, also what is over but whose unit was not reported gone. */
  public List<Claimed> claimed(String holder) {
    return book.inMemory().stream()
        .map(entry -> entry.record)
        .filter(run -> holder.equals(run.holder()))
        .sorted(Comparator.comparing(RunRecord::queuedAt))
        .map(run -> new Claimed(run.id(), run.fence(), run.unit(), run.over(), run.engineSeen()))
        .toList();
  }

  /** The unit of a run was started. May be repeated. */
  public void launched(RunId id, LaunchReport report) {
    RunEntry entry = book.entry(id);
    RunChecks.launch(entry.record, report.fence());
    entry.heard = clock.instant();
    book.change(
        entry,
        draft -> {
          RunChecks.launch(draft.before(), report.fence());
          draft.launched(report.unit(), report.image());
        });
  }

  /** The unit of a run has ended. May be repeated. */
  public void ended(RunId id, LaunchEnd end) {
    RunEntry entry = book.entry(id);
    RunChecks.fence(entry.record, end.fence());
    book.changeIf(
        entry,
        draft -> {
          RunChecks.fence(draft.before(), end.fence());
          if (draft.before().holder() == null) {
            return false;
          }
          draft.unitEnded(end, clock.instant());
          return true;
        });
  }

  /** Gives a run back; throws CONFLICT once its engine began. A cancelled one is over then. */
  public void requeue(RunId id, Lease lease) {
    RunEntry entry = book.entry(id);
    RunChecks.fence(entry.record, lease.fence());
    book.changeIf(
        entry,
        draft -> {
          RunChecks.fence(draft.before(), lease.fence());
          if (draft.before().state() == RunState.QUEUED) {
            return false;
          }
          draft.requeue(clock.instant());
          return true;
        });
  }

  /**
   * Takes runs from launches that were not heard of for too long, does again what the store
   * prevented, and forgets what is long over. To be called every few seconds.
   */
  public void sweep() {
    Instant now = clock.instant();
    for (RunEntry entry : book.inMemory()) {
      try {
        sweep(entry, now);
      } catch (RuntimeException e) {
        log.atWarn()
            .addKeyValue("run", entry.record.id())
            .setCause(e)
            .log("Could not look after a run");
      }
    }
  }

  private static boolean isHeld(RunRecord run) {
    return !run.over() && run.holder() != null;
  }

  private void sweep(RunEntry entry, Instant now) {
    RunRecord run = entry.record;
    boolean silent = entry.heard.plus(LEASE).isBefore(now);
    if (isHeld(run) && silent) {
      String why = "nothing was heard of the launch for " + LEASE.toSeconds() + " s";
      book.changeIf(
          entry,
          draft -> {
            boolean still = isHeld(draft.before()) && draft.before().fence() == run.fence();
            if (still) {
              draft.lost(why, now);
            }
            return still;
          });
    }
    if (!entry.settled) {
      book.settleAgain(entry);
    }
    Instant finishedAt = run.finishedAt();
    if (run.over() && entry.onlyRead && entry.heard.plus(READ_FOR).isBefore(now)) {
      book.forget(entry);
    } else if (run.over()
        && finishedAt != null
        && finishedAt.plus(AFTERLIFE).isBefore(now)
        && entry.heard.plus(AFTERLIFE).isBefore(now)) {
      tokens.forget(run.id());
      book.forget(entry);
    }
  }

  /** True if the outcome came about without the engine's word. */
  public static boolean isLost(RunRecord run) {
    String reason = run.reason();
    return run.outcome() == Outcome.ERRORED && reason != null && reason.startsWith("lost:");
  }
}
