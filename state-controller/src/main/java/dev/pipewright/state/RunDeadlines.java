package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.OpenWait;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * When waits end by themselves, soonest first. A wait costs an entry here and no thread.
 * Thread-safe.
 */
final class RunDeadlines {
  /** At {@code until}, the wait {@code key} of {@code run} ends. */
  record Deadline(Instant until, RunId run, String key) {}

  private final ConcurrentSkipListSet<Deadline> deadlines =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(Deadline::until)
              .thenComparing(deadline -> deadline.run().pipeline())
              .thenComparing(deadline -> deadline.run().number())
              .thenComparing(Deadline::key));

  /** Takes over what a run waits for now; the caller holds its lock. */
  void place(RunEntry entry) {
    List<Deadline> now = of(entry.record);
    if (now.equals(entry.deadlines)) {
      return;
    }
    entry.deadlines.forEach(deadlines::remove);
    deadlines.addAll(now);
    entry.deadlines = now;
  }

  private static List<Deadline> of(RunRecord run) {
    if (run.over() || run.attempt().told().waits().isEmpty()) {
      return List.of();
    }
    Set<String> answered = new HashSet<>();
    run.attempt().told().answers().forEach(answer -> answered.add(answer.key()));
    return run.attempt().told().waits().stream()
        .filter(wait -> wait.what().until() != null && !answered.contains(wait.key()))
        .map(wait -> deadline(run.id(), wait))
        .toList();
  }

  private static Deadline deadline(RunId run, OpenWait wait) {
    Instant until = wait.what().until();
    return new Deadline(until == null ? Instant.MAX : until, run, wait.key());
  }

  /** The runs of which a wait has ended, those that were due first before the others. */
  List<RunId> due(Instant now) {
    return deadlines.stream()
        .takeWhile(deadline -> !deadline.until().isAfter(now))
        .map(Deadline::run)
        .distinct()
        .toList();
  }

  /** How many waits have an end. */
  int size() {
    return deadlines.size();
  }
}
