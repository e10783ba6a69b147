package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.NewRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The runs that wait for a Spawner, given out as {@link Turns} says. Thread-safe. */
final class RunLine {
  private final Object lock = new Object();
  private final Turns turns;
  private final Map<RunId, RunEntry> waiting = new HashMap<>();
  private final Notice came = new Notice();

  /** A line that lets at most {@code limit} runs be under way at once. */
  RunLine(int limit) {
    this.turns = new Turns(limit);
  }

  /** Puts a run into the line or takes it out, as its state says. */
  void place(RunEntry entry) {
    boolean ready;
    synchronized (lock) {
      RunRecord run = entry.record;
      NewRun order = run.order();
      Turns.Turn turn =
          new Turns.Turn(
              run.id(), order.source(), run.queuedAt(), order.plan().concurrency().atMost());
      waiting.remove(run.id());
      switch (run.state()) {
        case QUEUED -> {
          waiting.put(run.id(), entry);
          turns.await(turn);
        }
        case CLAIMED, LAUNCHED, RUNNING -> turns.begin(turn);
        case WAITING, FINISHED -> turns.leave(run.id());
      }
      ready = turns.isReady();
    }
    if (ready) {
      came.announce();
    }
  }

  /** How many wait. */
  int length() {
    synchronized (lock) {
      return turns.waiting();
    }
  }

  /**
   * Takes the run whose turn it is, if {@code take} gives something for it, else the next one, and
   * waits up to {@code wait} for one. Every run is given to one caller at a time.
   */
  <T> Optional<T> take(Duration wait, Function<RunEntry, Optional<T>> take) {
    return came.await(wait, () -> takeNow(take));
  }

  private <T> Optional<T> takeNow(Function<RunEntry, Optional<T>> take) {
    while (true) {
      RunEntry entry = next();
      if (entry == null) {
        return Optional.empty();
      }
      boolean done = false;
      try {
        Optional<T> taken = take.apply(entry);
        done = true;
        if (taken.isPresent()) {
          return taken;
        }
        passOver(entry);
      } finally {
        if (!done) {
          place(entry);
        }
      }
    }
  }

  private @Nullable RunEntry next() {
    synchronized (lock) {
      return turns.next().map(waiting::remove).orElse(null);
    }
  }

  /** A run that nobody can take is left out until it changes. */
  private void passOver(RunEntry entry) {
    if (entry.record.state() != RunState.QUEUED) {
      place(entry);
      return;
    }
    synchronized (lock) {
      if (!waiting.containsKey(entry.record.id())) {
        turns.leave(entry.record.id());
      }
    }
  }
}
