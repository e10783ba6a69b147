package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PinView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.RemovedRuns.Removed;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old runs, a few at a time. Of each pipeline these always stay: what is not over, what is
 * pinned, the newest finished run, the newest successful one, and the last result of each ref that
 * is remembered. Thread-safe.
 */
public final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final int MOST_AT_ONCE = 20;
  private static final int MOST_LOOKS = 50;
  private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

  /** What is to become of a run. */
  private enum Fate {
    MISSING,
    YOUNG,
    SPARED,
    DOOMED
  }

  private final Shelf<PinView> shelf;
  private final ConcurrentMap<RunId, PinView> pins = new ConcurrentHashMap<>();
  private final Shelf<RunBook.Pointer> open;
  private final RunBook book;
  private final RemovedRuns removed;
  private final Pipelines pipelines;
  private final RunEraser eraser;
  private final KeepRule rule;
  private final InstantSource clock;
  private final Map<PipelineName, Instant> nextLooks = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();

  Retention(
      Storage storage,
      RunBook book,
      Pipelines pipelines,
      RunServices services,
      StateConfig config,
      InstantSource clock) {
    this.shelf = storage.shelf("pins", PinView.class);
    this.open = storage.shelf("openRuns", RunBook.Pointer.class);
    this.book = book;
    this.removed = book.removed();
    this.pipelines = pipelines;
    this.eraser = new RunEraser(storage, services.blobs(), services.caches(), services.bundles());
    this.rule = config.keep();
    this.clock = clock;
    shelf.forEach((id, pin) -> pins.put(pin.run(), pin));
  }

  /** Keeps a run until it is unpinned; the first pin stays. Throws NOT_FOUND if there is none. */
  public PinView pin(RunId run, String by) {
    return book.look(
            run,
            entry ->
                pins.computeIfAbsent(
                    run,
                    any -> {
                      removed.check(run);
                      PinView pin = new PinView(run, by, clock.instant());
                      shelf.put(run.toString(), pin);
                      return pin;
                    }))
        .orElseThrow(() -> removed.missing(run));
  }

  /** Lets a run be removed when its time has come; throws CONFLICT if it is not pinned. */
  public void unpin(RunId run) {
    if (!pins.containsKey(run)) {
      throw new ApiException(Problem.Code.CONFLICT, "The run " + run + " is not pinned.");
    }
    shelf.remove(List.of(run.toString()));
    pins.remove(run);
  }

  /** All pins, by run. */
  public Page<PinView> pins() {
    return new Page<>(
        pins.values().stream()
            .sorted(
                Comparator.comparing((PinView pin) -> pin.run().pipeline())
                    .thenComparing(pin -> pin.run().number()))
            .toList(),
        null);
  }

  /** How many runs this process has removed. */
  public long count() {
    return count.get();
  }

  /** Removes some of what is to be removed. To be called every few seconds. */
  void sweep() {
    int left = MOST_AT_ONCE;
    int looks = 0;
    for (PipelineName pipeline : pipelines.names()) {
      boolean due =
          looks < MOST_LOOKS
              && !clock.instant().isBefore(nextLooks.getOrDefault(pipeline, Instant.MIN));
      if (left > 0 && (due || removed.of(pipeline).below() <= lastByNumber(pipeline))) {
        looks += due ? 1 : 0;
        left -= sweep(pipeline, due, left);
      }
    }
  }

  private int sweep(PipelineName pipeline, boolean due, int most) {
    finish(pipeline);
    if (due) {
      nextLooks.put(pipeline, clock.instant().plus(LOOK_EVERY));
    }
    Removed next = choose(pipeline, due, most);
    if (next.equals(removed.of(pipeline))) {
      return 0;
    }
    removed.put(pipeline, next);
    int gone = next.pending().size();
    finish(pipeline);
    if (gone >= most) {
      nextLooks.remove(pipeline);
    }
    return gone;
  }

  /** The highest number that is too old by number. */
  private long lastByNumber(PipelineName pipeline) {
    return rule.runs() == 0 ? 0 : pipelines.lastNumber(pipeline) - rule.runs();
  }

  /** Goes on from the oldest run that was not judged, and judges those again that were spared. */
  private Removed choose(PipelineName pipeline, boolean again, int most) {
    Removed before = removed.of(pipeline);
    Staying staying = new Staying(pipeline);
    List<Long> spared = new ArrayList<>();
    List<Long> pending = new ArrayList<>();
    for (long number : before.spared()) {
      Fate fate = again && pending.size() < most ? fate(pipeline, number, staying) : Fate.SPARED;
      if (fate == Fate.DOOMED) {
        pending.add(number);
      } else if (fate != Fate.MISSING) {
        spared.add(number);
      }
    }
    long last = pipelines.lastNumber(pipeline);
    long below = before.below();
    for (long number = below; number <= last && pending.size() < most; number++) {
      Fate fate = isSurelyYoung(pipeline, number) ? Fate.YOUNG : fate(pipeline, number, staying);
      if (fate == Fate.YOUNG) {
        break;
      }
      if (fate == Fate.DOOMED) {
        pending.add(number);
      } else if (fate == Fate.SPARED) {
        spared.addFirst(number);
      }
      // A run that is not there may be about to be made, unless a later one is old already.
      below = fate != Fate.MISSING || number <= lastByNumber(pipeline) ? number + 1 : below;
    }
    return new Removed(below, spared, pending);
  }

  /** True if nothing that is stored of the run could make it old, so that it need not be read. */
  private boolean isSurelyYoung(PipelineName pipeline, long number) {
    return rule.age().isZero() && number > lastByNumber(pipeline);
  }

  private Fate fate(PipelineName pipeline, long number, Staying staying) {
    RunId id = new RunId(pipeline, number);
    return book.look(
            id,
            entry -> {
              RunRecord run = entry.record;
              if (removed.contains(id)) {
                return Fate.DOOMED;
              }
              boolean tooMany = number <= lastByNumber(pipeline);
              if (!tooMany && !isOld(run)) {
                return Fate.YOUNG;
              }
              if (!isSettled(entry)
                  || run.open()
                  || pins.containsKey(id)
                  || staying.contains(run)) {
                return Fate.SPARED;
              }
              removed.doom(id);
              return Fate.DOOMED;
            })
        .orElse(Fate.MISSING);
  }

  /** True unless something that follows from its end is still to be done. */
  private boolean isSettled(RunEntry entry) {
    return entry.settled || open.find(entry.record.id().toString()).isEmpty();
  }

  private boolean isOld(RunRecord run) {
    Instant end = run.finishedAt() == null ? run.queuedAt() : run.finishedAt();
    return !rule.age().isZero() && end.plus(rule.age()).isBefore(clock.instant());
  }

  /** Deletes what is to be deleted; after a crash also what was left. */
  private void finish(PipelineName pipeline) {
    Removed now = removed.of(pipeline);
    if (now.pending().isEmpty()) {
      return;
    }
    pipelines.forget(pipeline, now.pending());
    for (long number : now.pending()) {
      RunId id = new RunId(pipeline, number);
      if (eraser.erase(id)) {
        count.incrementAndGet();
      }
      book.drop(id);
    }
    removed.put(pipeline, new Removed(now.below(), now.spared(), List.of()));
    log.atInfo()
        .addKeyValue("pipeline", pipeline)
        .addKeyValue("runs", now.pending())
        .log("Old runs were removed");
  }

  /** What stays of a pipeline because people look for it. */
  private final class Staying {
    private final Set<Long> numbers = new HashSet<>();
    private long lastSuccess;

    private Staying(PipelineName pipeline) {
      pipelines.shown(pipeline).map(Pipelines.Shown::pipeline).ifPresent(this::add);
    }

    private void add(PipelineRecord pipeline) {
      if (!pipeline.latest().isEmpty()) {
        numbers.add(pipeline.latest().getFirst().number());
      }
      pipeline.results().values().forEach(result -> numbers.add(result.last().number()));
      lastSuccess =
          pipeline.latest().stream()
              .filter(run -> run.outcome() == Outcome.SUCCEEDED)
              .mapToLong(RunSnapshot::number)
              .max()
              .orElse(0);
    }

    private boolean contains(RunRecord run) {
      long number = run.id().number();
      boolean newestSuccess = run.outcome() == Outcome.SUCCEEDED && number >= lastSuccess;
      if (newestSuccess) {
        lastSuccess = number;
      }
      return newestSuccess || numbers.contains(number);
    }
  }
}
