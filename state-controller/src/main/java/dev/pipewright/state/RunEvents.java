package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The events of all launches, as they came, one batch at a time. Thread-safe. */
final class RunEvents {
  private final Shelf<EventRecord> events;

  RunEvents(Storage storage) {
    this.events = storage.shelf("events", EventRecord.class);
  }

  /**
   * Stores the next batch of a run. A batch whose number is taken was written by a call that never
   * learned of its success, and this is its repetition, perhaps with more events: the longer one
   * stays.
   */
  void store(RunRecord before, EventRecord batch) {
    String id = EventRecord.id(before.id(), before.fence(), before.batches());
    if (!events.insert(id, batch)) {
      events.put(id, batch);
    }
  }

  /**
   * The run after all events that are stored of its present launch. Attempts that have ended with
   * one of them are given to {@code ended}.
   */
  RunRecord caughtUp(RunRecord record, Consumer<List<RunSnapshot>> ended) {
    RunRecord now = record;
    while (now.isLaunched() && !now.over()) {
      Optional<EventRecord> next = batch(now.id(), now.fence(), now.batches());
      if (next.isEmpty()) {
        return now;
      }
      RunDraft draft = new RunDraft(now);
      draft.report(next.get().events());
      ended.accept(draft.archived());
      now = draft.record();
    }
    return now;
  }

  /** The stored events of all launches of a run, oldest first. */
  List<EventEnvelope> all(RunRecord run) {
    List<EventEnvelope> found = new ArrayList<>();
    for (long fence = 1; fence <= run.fence(); fence++) {
      int batch = 0;
      Optional<EventRecord> next = batch(run.id(), fence, batch);
      while (next.isPresent()) {
        found.addAll(next.get().events());
        batch++;
        next = batch(run.id(), fence, batch);
      }
    }
    return found;
  }

  /** Removes the events of all launches, the last ones first, so that it may be repeated. */
  void remove(RunRecord run) {
    for (long fence = 1; fence <= run.fence(); fence++) {
      List<String> ids = new ArrayList<>();
      while (batch(run.id(), fence, ids.size()).isPresent()) {
        ids.addFirst(EventRecord.id(run.id(), fence, ids.size()));
      }
      events.remove(ids);
    }
  }

  private Optional<EventRecord> batch(RunId run, long fence, int number) {
    return events.find(EventRecord.id(run, fence, number)).map(Shelf.Held::value);
  }
}
