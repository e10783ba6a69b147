package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is among the runs that wait. The source with the fewest runs under way is next,
 * among equal ones the one that was served longest ago; within a source the oldest run whose
 * pipeline has room. A pipeline has room if as many of its runs are under way as both the run and
 * each of those allow. Every question takes time logarithmic in the number of runs. Not
 * thread-safe.
 */
final class Turns {
  private static final Comparator<Turn> OLDEST_FIRST =
      Comparator.comparing(Turn::queuedAt)
          .thenComparing(turn -> turn.run().pipeline())
          .thenComparing(turn -> turn.run().number());

  private final int limit;
  private final Map<RunId, Turn> waiting = new HashMap<>();
  private final Map<RunId, Turn> underWay = new HashMap<>();
  private final Map<PipelineName, Lane> pipelines = new HashMap<>();
  private final Map<SourceName, Lanes> sources = new HashMap<>();
  private final TreeSet<Lanes> ready =
      new TreeSet<>(
          Comparator.comparingInt((Lanes lanes) -> lanes.underWay)
              .thenComparingLong(lanes -> lanes.served)
              .thenComparing(lanes -> lanes.source.value()));
  private long served;

  /** At most {@code limit} runs are under way at once. */
  Turns(int limit) {
    this.limit = limit;
  }

  /**
   * A run that waits or is under way.
   *
   * @param atMost how many runs of its pipeline may be under way at once; null for any number
   */
  record Turn(RunId run, SourceName source, Instant queuedAt, @Nullable Integer atMost) {
    int most() {
      return atMost == null ? Integer.MAX_VALUE : atMost;
    }
  }

  /** The runs of one pipeline. */
  private static final class Lane {
    private final TreeSet<Turn> waiting = new TreeSet<>(OLDEST_FIRST);

    /** How often each limit is set by the runs under way. */
    private final TreeMap<Integer, Integer> limits = new TreeMap<>();

    private int underWay;

    /** The first run that waits, if there is room for it. */
    @Nullable Turn head() {
      if (waiting.isEmpty()) {
        return null;
      }
      Turn first = waiting.first();
      int most = limits.isEmpty() ? first.most() : Math.min(first.most(), limits.firstKey());
      return underWay < most ? first : null;
    }

    void count(Turn turn, int by) {
      underWay += by;
      limits.compute(turn.most(), (most, held) -> sum(held, by));
    }

    private static @Nullable Integer sum(@Nullable Integer held, int by) {
      int now = (held == null ? 0 : held) + by;
      return now == 0 ? null : now;
    }
  }

  /** The pipelines of one source that have a run whose turn it may be. */
  private static final class Lanes {
    private final SourceName source;
    private final TreeSet<Turn> heads = new TreeSet<>(OLDEST_FIRST);
    private int underWay;
    private int runs;
    private long served;

    private Lanes(SourceName source) {
      this.source = source;
    }
  }

  private interface Change {
    void make(Lane lane, Lanes source);
  }

  /** The run waits from now on. May be repeated. */
  void await(Turn turn) {
    if (turn.equals(waiting.get(turn.run()))) {
      return;
    }
    leave(turn.run());
    waiting.put(turn.run(), turn);
    change(turn, 1, (lane, source) -> lane.waiting.add(turn));
  }

  /** The run is under way from now on. May be repeated. */
  void begin(Turn turn) {
    if (underWay.containsKey(turn.run())) {
      return;
    }
    leave(turn.run());
    underWay.put(turn.run(), turn);
    served++;
    change(
        turn,
        1,
        (lane, source) -> {
          lane.count(turn, 1);
          source.underWay++;
          source.served = served;
        });
  }

  /** The run neither waits nor is under way. May be repeated. */
  void leave(RunId run) {
    Turn waited = waiting.remove(run);
    if (waited != null) {
      change(waited, -1, (lane, source) -> lane.waiting.remove(waited));
    }
    Turn went = underWay.remove(run);
    if (went != null) {
      change(
          went,
          -1,
          (lane, source) -> {
            lane.count(went, -1);
            source.underWay--;
          });
    }
  }

  /** Makes a change to a pipeline, and keeps in order what is derived from it. */
  private void change(Turn turn, int runs, Change change) {
    PipelineName pipeline = turn.run().pipeline();
    Lanes source = sources.computeIfAbsent(turn.source(), Lanes::new);
    Lane lane = pipelines.computeIfAbsent(pipeline, name -> new Lane());
    ready.remove(source);
    Turn before = lane.head();
    if (before != null) {
      source.heads.remove(before);
    }
    change.make(lane, source);
    source.runs += runs;
    Turn now = lane.head();
    if (now != null) {
      source.heads.add(now);
    }
    if (!source.heads.isEmpty()) {
      ready.add(source);
    }
    if (lane.waiting.isEmpty() && lane.underWay == 0) {
      pipelines.remove(pipeline);
    }
    if (source.runs == 0) {
      sources.remove(turn.source());
    }
  }

  /** The run whose turn it is, which is under way from now on; nothing if nobody has room. */
  Optional<RunId> next() {
    if (!isReady()) {
      return Optional.empty();
    }
    Turn next = ready.first().heads.first();
    begin(next);
    return Optional.of(next.run());
  }

  /** True if it is the turn of a run. */
  boolean isReady() {
    return underWay.size() < limit && !ready.isEmpty();
  }

  /** How many runs wait. */
  int waiting() {
    return waiting.size();
  }
}
