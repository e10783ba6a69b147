package dev.pipewright.state;

import dev.pipewright.protocol.api.PoolReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engines that wait for their run, as Spawners tell. Only what was counted since this process
 * knows a Spawner is added up; what one has not told for a minute does not wait any more.
 * Thread-safe.
 */
public final class Pools {
  private static final Duration STALE = Duration.ofMinutes(1);

  /** What is counted. */
  public enum Count {
    HITS,
    MISSES,
    MADE,
    REMOVED;

    private long of(PoolReport report) {
      return switch (this) {
        case HITS -> report.hits();
        case MISSES -> report.misses();
        case MADE -> report.made();
        case REMOVED -> report.removed();
      };
    }
  }

  private record Told(PoolReport report, Instant at) {}

  private final InstantSource clock;
  private final Map<String, Told> told = new HashMap<>();
  private final Map<Count, Long> counts = new HashMap<>();

  Pools(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes a report; the same one again changes nothing. */
  public synchronized void told(PoolReport report) {
    Told before = told.put(report.holder(), new Told(report, clock.instant()));
    for (Count count : Count.values()) {
      counts.merge(count, growth(count, before, report), Long::sum);
    }
  }

  /** A Spawner that has counted less than before was started anew. */
  private static long growth(Count count, @Nullable Told before, PoolReport now) {
    long known = before == null ? count.of(now) : count.of(before.report());
    long value = count.of(now);
    return value < known ? value : value - known;
  }

  /** How many engines wait for a run. */
  public synchronized long waiting() {
    Instant recent = clock.instant().minus(STALE);
    return told.values().stream()
        .filter(last -> !last.at().isBefore(recent))
        .mapToLong(last -> last.report().waiting())
        .sum();
  }

  /** How often that has happened since the start. */
  public synchronized long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }
}
