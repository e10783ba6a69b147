package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import dev.pipewright.state.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every run, written through: a change is durable before anybody can see it. Runs that are not over
 * stay in memory, others are read when they are asked for. Events are stored one batch at a time; a
 * run itself is written when its state changes, and brought up to date from its events after a
 * crash. Thread-safe.
 */
final class RunBook {
  private static final Logger log = LoggerFactory.getLogger(RunBook.class);
  private static final int BATCHES_PER_WRITE = 100;

  /** The run a key has given, and the marker that a run is not over. */
  record Pointer(RunId run) {}

  private final Shelf<RunRecord> runs;
  private final RunEvents events;
  private final RunArchive archive;
  private final Shelf<Pointer> keys;
  private final Shelf<Pointer> open;
  private final Storage storage;
  private final Pipelines pipelines;
  private final Announcements announcements;
  private final InstantSource clock;
  private final ConcurrentMap<RunId, RunEntry> entries = new ConcurrentHashMap<>();
  private final List<RunListener> listeners = new CopyOnWriteArrayList<>();
  private final RunLine line;
  private final RunDeadlines deadlines = new RunDeadlines();
  private final RemovedRuns removed;

  /** At most {@code mostRuns} runs are given out at once. */
  RunBook(
      Storage storage,
      Pipelines pipelines,
      Announcements announcements,
      int mostRuns,
      InstantSource clock) {
    this.storage = storage;
    this.line = new RunLine(mostRuns);
    this.runs = storage.shelf("runs", RunRecord.class);
    this.events = new RunEvents(storage);
    this.archive = new RunArchive(storage);
    this.removed = new RemovedRuns(storage);
    this.keys = storage.shelf("runKeys", Pointer.class);
    this.open = storage.shelf("openRuns", Pointer.class);
    this.pipelines = pipelines;
    this.announcements = announcements;
    this.clock = clock;
    List<String> ids = new ArrayList<>();
    open.forEach((id, pointer) -> ids.add(id));
    ids.forEach(id -> restore(RunId.parse(id)));
  }

  void listen(RunListener listener) {
    listeners.add(listener);
  }

  /** The runs that wait for a Spawner. */
  RunLine line() {
    return line;
  }

  /** When waits end by themselves. */
  RunDeadlines deadlines() {
    return deadlines;
  }

  /** The attempts before the present ones. */
  RunArchive archive() {
    return archive;
  }

  /** Which runs are no longer kept. */
  RemovedRuns removed() {
    return removed;
  }

  /** The runs in memory: all that are not over, and some that are. */
  Collection<RunEntry> inMemory() {
    return entries.values();
  }

  /** Mends what a crash left of a run that was not over, and takes it into memory. */
  private void restore(RunId id) {
    Optional<Shelf.Held<RunRecord>> held = runs.find(id.toString());
    if (held.isEmpty()) {
      open.remove(List.of(id.toString()));
      return;
    }
    RunRecord record = held.get().value();
    if (!owns(record)) {
      runs.remove(List.of(id.toString()));
      open.remove(List.of(id.toString()));
      return;
    }
    RunEntry entry = new RunEntry(caughtUp(record), held.get().revision(), clock.instant());
    entries.put(id, entry);
    settle(entry);
  }

  /** True if the key of this run stands for it, which is made so if it stands for none. */
  private boolean owns(RunRecord record) {
    String key = record.order().key();
    Pointer own = new Pointer(record.id());
    Optional<Shelf.Held<Pointer>> known = keys.find(key);
    if (known.isEmpty()) {
      return keys.insert(key, own);
    }
    return known.get().value().equals(own);
  }

  private RunRecord caughtUp(RunRecord record) {
    return events.caughtUp(record, archive::keep);
  }

  /** The run with this id; throws NOT_FOUND if there is none. */
  RunEntry entry(RunId id) {
    return find(id).orElseThrow(() -> removed.missing(id));
  }

  /** What {@code look} finds in a run, if there is one, while nobody changes it. */
  <T> Optional<T> look(RunId id, Function<RunEntry, T> look) {
    return read(id).map(entry -> entry.locked(look));
  }

  /** Lets go of a run that is removed. */
  void drop(RunId id) {
    entries.remove(id);
  }

  private Optional<RunEntry> find(RunId id) {
    return removed.contains(id) ? Optional.empty() : read(id);
  }

  private Optional<RunEntry> read(RunId id) {
    RunEntry known = entries.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    return runs.find(id.toString())
        .map(
            held -> {
              RunEntry read = new RunEntry(held.value(), held.revision(), clock.instant());
              // What is not open has no marker, so nothing that follows from it is left to do.
              read.settled = !held.value().open();
              read.onlyRead = true;
              RunEntry raced = entries.putIfAbsent(id, read);
              return raced == null ? read : raced;
            });
  }

  /** The run this key has given before. */
  Optional<RunEntry> byKey(String key) {
    return keys.find(key).flatMap(found -> find(found.value().run()));
  }

  /**
   * Makes a run, unless its key has one meanwhile. The order of the writes is such that a crash
   * between any two of them is mended at the next start.
   *
   * @param opening what happens to it at once; false if it is simply queued
   */
  RunEntry add(NewRun order, Predicate<RunDraft> opening) {
    RunId id = new RunId(order.plan().pipeline(), storage.next("run|" + order.plan().pipeline()));
    RunRecord record = RunRecord.queued(id, order, clock.instant());
    RunDraft opened = new RunDraft(record);
    if (opening.test(opened)) {
      record = opened.record();
    }
    String text = id.toString();
    open.put(text, new Pointer(id));
    if (!runs.insert(text, record)) {
      throw new StoreException("The run " + id + " exists already: a counter was set back.");
    }
    if (!keys.insert(order.key(), new Pointer(id))) {
      Optional<RunEntry> winner = byKey(order.key());
      if (winner.isPresent() && !winner.get().record.id().equals(id)) {
        runs.remove(List.of(text));
        open.remove(List.of(text));
        return winner.get();
      }
      // The run it has given before is removed.
      keys.put(order.key(), new Pointer(id));
    }
    RunEntry entry = new RunEntry(record, 1, clock.instant());
    entries.put(id, entry);
    settle(entry);
    tell(entry, null, record);
    return entry;
  }

  /** Makes a change durable, then visible. A refused change throws and changes nothing. */
  RunRecord change(RunEntry entry, Consumer<RunDraft> change) {
    return changeIf(
        entry,
        draft -> {
          change.accept(draft);
          return true;
        });
  }

  /** The same for a change that may find that there is nothing to change. */
  RunRecord changeIf(RunEntry entry, Predicate<RunDraft> change) {
    RunRecord seen;
    RunRecord after;
    entry.lock.lock();
    try {
      seen = entry.record;
      RunRecord before = current(entry);
      RunDraft draft = new RunDraft(before);
      if (!change.test(draft)) {
        return before;
      }
      after = draft.record();
      archive.keep(draft.archived());
      if (before.over() && !after.over()) {
        open.put(after.id().toString(), new Pointer(after.id()));
      }
      write(entry, after);
      accept(entry, after);
    } finally {
      entry.lock.unlock();
    }
    tell(entry, seen, after);
    return after;
  }

  /**
   * The run as it stands with all its events, also those that were stored by a call that then
   * failed, which nobody has seen yet. The caller holds the lock.
   */
  private RunRecord current(RunEntry entry) {
    RunRecord run = entry.record;
    removed.check(run.id());
    RunEntry known = entries.putIfAbsent(run.id(), entry);
    if (known != null && known != entry) {
      throw new StoreException("The run " + run.id() + " was read anew meanwhile; try again.");
    }
    return entry.behind ? caughtUp(run) : run;
  }

  private void accept(RunEntry entry, RunRecord now) {
    entry.record = now;
    entry.behind = false;
    entry.onlyRead = false;
    settle(entry);
  }

  /**
   * Stores the events that are new; see docs/protocol.md for what is passed over and what refused.
   */
  RunRecord report(RunEntry entry, EventBatch batch) {
    RunRecord seen;
    RunRecord after;
    entry.lock.lock();
    try {
      seen = entry.record;
      RunRecord before = current(entry);
      RunChecks.launch(before, batch.fence());
      List<EventEnvelope> fresh =
          RunChecks.timed(before, RunChecks.fresh(before, batch.events()), clock.instant());
      after =
          fresh.isEmpty() ? before : taken(entry, before, new EventRecord(batch.fence(), fresh));
      if (after.version() == seen.version()) {
        return after;
      }
      if (after.state() != seen.state() || after.batches() % BATCHES_PER_WRITE == 0) {
        write(entry, after);
      }
      accept(entry, after);
    } finally {
      entry.lock.unlock();
    }
    tell(entry, seen, after);
    return after;
  }

  private RunRecord taken(RunEntry entry, RunRecord before, EventRecord batch) {
    RunDraft draft = new RunDraft(before);
    draft.report(batch.events());
    archive.keep(draft.archived());
    entry.behind = true;
    events.store(before, batch);
    return draft.record();
  }

  private void write(RunEntry entry, RunRecord next) {
    String id = next.id().toString();
    if (!runs.replace(id, entry.revision, next)) {
      runs.find(id)
          .ifPresent(
              held -> {
                entry.record = caughtUp(held.value());
                entry.revision = held.revision();
              });
      throw new StoreException("The run " + id + " was changed by somebody else; try again.");
    }
    entry.revision++;
  }

  /** Brings everything that is derived from a run in line with it. The caller holds its lock. */
  private void settle(RunEntry entry) {
    RunRecord now = entry.record;
    entry.settled = false;
    line.place(entry);
    deadlines.place(entry);
    announcements.changed(now);
    if (now.over()) {
      pipelines.finished(now.snapshot());
    } else {
      pipelines.active(now.snapshot());
    }
    if (!now.open()) {
      open.remove(List.of(now.id().toString()));
    }
    entry.settled = true;
  }

  /** Does again what a failing store has prevented. */
  void settleAgain(RunEntry entry) {
    entry.lock.lock();
    try {
      if (!entry.settled) {
        settle(entry);
      }
    } finally {
      entry.lock.unlock();
    }
  }

  /** Forgets a run that is over; it can still be read. */
  void forget(RunEntry entry) {
    entry.lock.lock();
    try {
      if (entry.settled && !entry.record.open()) {
        entries.remove(entry.record.id(), entry);
      }
    } finally {
      entry.lock.unlock();
    }
  }

  private void tell(RunEntry entry, @Nullable RunRecord before, RunRecord after) {
    entry.changed.announce();
    listeners.forEach(listener -> listener.runChanged(before, after));
    listeners.forEach(listener -> listener.pipelineChanged(after.id().pipeline()));
    if (before == null || before.state() != after.state()) {
      log.atInfo()
          .addKeyValue("run", after.id())
          .addKeyValue("state", after.state())
          .addKeyValue("outcome", after.outcome())
          .log("Run changed its state");
    }
  }

  /** Tells that a pipeline looks different, though none of its runs does. */
  void tellPipeline(dev.pipewright.protocol.PipelineName pipeline) {
    listeners.forEach(listener -> listener.pipelineChanged(pipeline));
  }

  void tellLog(RunEntry entry, dev.pipewright.protocol.StepPath step, long length, long count) {
    listeners.forEach(listener -> listener.logGrew(entry.record.id(), step, length, count));
  }

  /** The stored events of all launches of a run, oldest first. */
  List<EventEnvelope> events(RunRecord run) {
    return events.all(run);
  }

  /** Finished and waiting runs of one pipeline with numbers below {@code before}, newest first. */
  List<RunRecord> below(dev.pipewright.protocol.PipelineName pipeline, long before, int limit) {
    return new RunHistory(runs, entries, removed).below(pipeline, before, limit);
  }
}
