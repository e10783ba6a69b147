package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SideEnd;
import dev.pipewright.protocol.api.SideReport;
import dev.pipewright.protocol.api.SideRequest;
import dev.pipewright.protocol.api.SideView;
import dev.pipewright.protocol.api.SideView.State;
import dev.pipewright.protocol.api.SideWork;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers beside engines: wished for by engines, started and stopped by the Spawner that
 * holds the run. They end with their launch. Every step is written before it is shown, so after a
 * restart none is started twice under another name and none is forgotten. Thread-safe.
 */
public final class Sides implements RunListener {
  private static final Logger log = LoggerFactory.getLogger(Sides.class);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int MOST_PER_LAUNCH = 50;
  private static final int LONGEST_REASON = 4000;
  private static final int LONGEST_OUTPUT = 64 * 1024;

  private final Shelf<SideRecord> shelf;
  private final LiveRuns runs;
  private final InstantSource clock;
  private final ConcurrentSkipListMap<String, SideRecord> known = new ConcurrentSkipListMap<>();

  /** The sides that somebody works on, and until when nobody else is asked. */
  private final Map<String, Instant> claims = new ConcurrentHashMap<>();

  private final Notice wished = new Notice();
  private final Notice changed = new Notice();

  Sides(Storage storage, LiveRuns runs, InstantSource clock) {
    this.shelf = storage.shelf("sides", SideRecord.class);
    this.runs = runs;
    this.clock = clock;
    shelf.forEach((id, record) -> known.put(id, record));
  }

  /**
   * Wants a container; the same key again is the same one.
   *
   * @throws ApiException FORBIDDEN for runs that build pipeline code, CONFLICT if there are too
   *     many
   */
  public SideView request(RunId id, SideRequest wish) {
    RunRecord run = runs.asking(id, wish.fence());
    if (run.order().isolated()) {
      throw new ApiException(
          Problem.Code.FORBIDDEN, "A run that builds pipeline code gets no further containers.");
    }
    SideChecks.check(wish);
    SideRecord record;
    synchronized (this) {
      record = known.get(SideRecord.id(id, wish.fence(), wish.key()));
      if (record == null) {
        if (of(id).size() >= MOST_PER_LAUNCH) {
          throw new ApiException(
              Problem.Code.CONFLICT,
              "A launch has at most %d containers beside it.".formatted(MOST_PER_LAUNCH));
        }
        record =
            new SideRecord(
                id,
                run.attempt().number(),
                run.attempt().workspace(),
                wish,
                State.WANTED,
                null,
                null,
                false,
                null);
        keep(record);
      }
    }
    wished.announce();
    return record.view();
  }

  private List<SideRecord> of(RunId run) {
    return known.values().stream().filter(one -> one.run().equals(run)).toList();
  }

  private void keep(SideRecord record) {
    shelf.put(record.id(), record);
    known.put(record.id(), record);
    changed.announce();
  }

  /**
   * How a container stands, once that is other than {@code seen} or {@code wait} has passed.
   *
   * @throws ApiException NOT_FOUND if this launch has none with this key
   */
  public SideView view(RunId id, String key, @Nullable State seen, Duration wait) {
    String side = SideRecord.id(id, runs.record(id).fence(), key);
    return changed
        .await(wait, () -> Optional.of(find(side, key)).filter(one -> one.state() != seen))
        .orElseGet(() -> find(side, key))
        .view();
  }

  private SideRecord find(String side, String key) {
    SideRecord found = known.get(side);
    if (found == null) {
      throw new ApiException(
          Problem.Code.NOT_FOUND,
          "This launch has no container '" + Limits.shorten(key, 80) + "' beside it.");
    }
    return found;
  }

  /** The engine needs a container no more. One that nobody has started yet is over at once. */
  public void end(RunId id, SideEnd end) {
    RunChecks.fence(runs.record(id), end.fence());
    synchronized (this) {
      SideRecord record = known.get(SideRecord.id(id, end.fence(), end.key()));
      if (record == null || record.over() || record.unwanted()) {
        return;
      }
      if (record.state() == State.WANTED) {
        keep(record.unneeded().in(State.ENDED, null, "It was not needed any more."));
      } else {
        keep(record.unneeded());
        claims.remove(record.id());
      }
    }
    wished.announce();
  }

  /** What is to be done about a container of a run that {@code holder} holds. */
  public Optional<SideWork> claim(String holder, Duration wait) {
    return wished.await(wait, () -> claimNow(holder));
  }

  /** Offers claimed work again at once, if it is still to be done. */
  public void giveBack(SideWork work) {
    synchronized (this) {
      claims.remove(SideRecord.id(work.run(), work.fence(), work.key()));
    }
    wished.announce();
  }

  private synchronized Optional<SideWork> claimNow(String holder) {
    Instant now = clock.instant();
    for (SideRecord record : known.values()) {
      Instant until = claims.get(record.id());
      boolean open = !record.over() && (record.state() != State.RUNNING || record.unwanted());
      if (open && (until == null || !until.isAfter(now)) && holds(holder, record)) {
        SideRecord starting =
            record.state() == State.WANTED ? record.in(State.STARTING, null, null) : record;
        if (!starting.equals(record)) {
          keep(starting);
        }
        claims.put(record.id(), now.plus(LEASE));
        return Optional.of(starting.work());
      }
    }
    return Optional.empty();
  }

  private boolean holds(String holder, SideRecord side) {
    return runs.inAttempt(side.run(), side.attempt())
        .filter(run -> run.fence() == side.wish().fence() && holder.equals(run.holder()))
        .isPresent();
  }

  /**
   * A Spawner tells how a container stands. What is over stays so, and what is not known any more
   * went with its launch.
   *
   * @throws ApiException FENCED if its launch was replaced
   */
  public void reported(RunId id, SideReport report) {
    RunChecks.fence(runs.record(id), report.fence());
    if (report.state() == State.WANTED) {
      throw new ApiException(
          Problem.Code.MALFORMED, "A Spawner reports STARTING, RUNNING, ENDED or FAILED.");
    }
    synchronized (this) {
      String side = SideRecord.id(id, report.fence(), report.key());
      SideRecord record = known.get(side);
      if (record == null || record.over() || isBackwards(record, report)) {
        return;
      }
      keep(
          record
              .in(
                  report.state(),
                  report.exitCode(),
                  Limits.shortenIfAny(report.reason(), LONGEST_REASON))
              .printed(Limits.shortenIfAny(report.output(), LONGEST_OUTPUT)));
      if (report.state() == State.STARTING) {
        claims.put(side, clock.instant().plus(LEASE));
      } else {
        claims.remove(side);
      }
    }
    wished.announce();
  }

  private static boolean isBackwards(SideRecord record, SideReport report) {
    return record.state() == State.RUNNING && report.state() == State.STARTING;
  }

  /** The end of a launch is the end of what stands beside it. */
  @Override
  public void runChanged(@Nullable RunRecord before, RunRecord after) {
    if (!known.isEmpty()) {
      try {
        end(after);
      } catch (StoreException e) {
        log.atWarn().addKeyValue("run", after.id()).setCause(e).log("Containers end later");
      }
    }
  }

  private void end(RunRecord run) {
    boolean gone = run.over() || run.holder() == null;
    for (SideRecord side : of(run.id())) {
      if (gone || side.wish().fence() != run.fence()) {
        synchronized (this) {
          shelf.remove(List.of(side.id()));
          known.remove(side.id());
          claims.remove(side.id());
        }
        changed.announce();
      }
    }
  }

  /** Forgets what a crash has left, and offers again what was claimed without a word since. */
  public void sweep() {
    known.values().stream()
        .map(SideRecord::run)
        .distinct()
        .sorted(Comparator.comparing(RunId::toString))
        .forEach(this::look);
    Instant now = clock.instant();
    if (claims.values().stream().anyMatch(until -> !until.isAfter(now))) {
      wished.announce();
    }
  }

  private void look(RunId id) {
    try {
      end(runs.record(id));
    } catch (ApiException e) {
      for (SideRecord side : of(id)) {
        shelf.remove(List.of(side.id()));
        known.remove(side.id());
      }
    }
  }

  @Override
  public void pipelineChanged(PipelineName pipeline) {
    // Containers belong to runs.
  }

  @Override
  public void logGrew(RunId run, StepPath step, long length, long count) {
    // Output ends no container.
  }
}
