package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** The runs that wait for a Spawner, oldest first. Thread-safe. */
final class RunLine {
  private record Place(Instant queuedAt, RunId run) {}

  private final ConcurrentSkipListMap<Place, RunEntry> waiting =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Place::queuedAt)
              .thenComparing(place -> place.run().pipeline())
              .thenComparing(place -> place.run().number()));
  private final Notice came = new Notice();

  /** Puts a run into the line or takes it out, as its state says. */
  void place(RunEntry entry) {
    RunRecord run = entry.record;
    Place place = new Place(run.queuedAt(), run.id());
    if (run.state() == RunState.QUEUED) {
      waiting.put(place, entry);
      came.announce();
    } else {
      waiting.remove(place);
    }
  }

  /** How many wait. */
  int length() {
    return waiting.size();
  }

  /**
   * Takes the oldest run for which {@code take} gives something, and waits up to {@code wait} for
   * one. Every run is given to one caller at a time.
   */
  <T> Optional<T> take(Duration wait, Function<RunEntry, Optional<T>> take) {
    return came.await(wait, () -> takeNow(take));
  }

  private <T> Optional<T> takeNow(Function<RunEntry, Optional<T>> take) {
    while (true) {
      Map.Entry<Place, RunEntry> first = waiting.pollFirstEntry();
      if (first == null) {
        return Optional.empty();
      }
      boolean done = false;
      try {
        Optional<T> taken = take.apply(first.getValue());
        done = true;
        if (taken.isPresent()) {
          return taken;
        }
      } finally {
        if (!done) {
          place(first.getValue());
        }
      }
    }
  }
}
