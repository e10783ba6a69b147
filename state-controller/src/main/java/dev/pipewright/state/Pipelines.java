package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Mending;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.PipelineRecord.Mender;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines and the state people see of them, all in memory and written through. A pipeline is
 * known from its first run on, and its name belongs to the source that used it first. Thread-safe.
 */
public final class Pipelines {
  private static final int RECENT = 10;
  private static final int TYPICAL_OF = 15;

  private final Shelf<PipelineRecord> shelf;
  private final Function<SourceName, @Nullable String> defaultBranches;
  private final Announcements announcements;
  private final ConcurrentSkipListMap<PipelineName, Known> known = new ConcurrentSkipListMap<>();

  /** {@code defaultBranches} gives the configured default branch of a source, or null. */
  Pipelines(
      Storage storage,
      Function<SourceName, @Nullable String> defaultBranches,
      Announcements announcements) {
    this.shelf = storage.shelf("pipelines", PipelineRecord.class);
    this.defaultBranches = defaultBranches;
    this.announcements = announcements;
    shelf.forEach((id, record) -> known.put(record.name(), new Known(record)));
  }

  private static final class Known {
    private final ConcurrentMap<Long, RunSnapshot> active = new ConcurrentHashMap<>();
    private volatile PipelineRecord record;

    private Known(PipelineRecord record) {
      this.record = record;
    }
  }

  /** A pipeline, its runs that are not over (oldest first), and the ref that stands for it. */
  public record Shown(
      PipelineRecord pipeline, List<RunSnapshot> active, Optional<String> defaultRef) {}

  /**
   * Gives the name to the source, if no other source has it.
   *
   * @throws ApiException CONFLICT if another source has it
   */
  void claimName(PipelineName name, SourceName source) {
    Known found = known.get(name);
    if (found == null) {
      PipelineRecord fresh = PipelineRecord.fresh(name, source);
      if (!shelf.insert(name.value(), fresh)) {
        fresh = shelf.find(name.value()).map(Shelf.Held::value).orElse(fresh);
      }
      Known raced = known.putIfAbsent(name, new Known(fresh));
      found = raced == null ? known.get(name) : raced;
    }
    SourceName owner = found == null ? source : found.record.source();
    if (!owner.equals(source)) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The pipeline name '%s' belongs to the source '%s'.".formatted(name, owner),
          "Give the pipeline of the source '%s' another name.".formatted(source));
    }
  }

  /** Takes note of a run that is not over. */
  void active(RunSnapshot run) {
    Known found = known.get(run.pipeline());
    if (found != null) {
      found.active.put(run.number(), run.summary());
    }
  }

  /** Takes note, durably, of a run that is over; the second time changes nothing. */
  void finished(RunSnapshot run) {
    Known found = known.get(run.pipeline());
    if (found == null) {
      return;
    }
    synchronized (found) {
      if (!found.record.knows(run)) {
        // Told before the end is known here, so that a crash in between has it told again.
        found.record.news(run).ifPresent(event -> announcements.ended(run, event));
        PipelineRecord next = found.record.after(run, defaultBranches.apply(found.record.source()));
        shelf.put(run.pipeline().value(), next);
        found.record = next;
      }
      found.active.remove(run.number());
    }
  }

  /**
   * Notes, durably, that {@code by} is on a broken pipeline from {@code now} on, in place of
   * whoever was; nobody is if {@code by} is null. The same person again changes nothing.
   *
   * @throws ApiException NOT_FOUND if there is no such pipeline, CONFLICT if it is not broken
   */
  void mend(PipelineName name, @Nullable String by, Instant now) {
    PipelineView seen = view(name);
    Known found = known.get(name);
    if (found == null) {
      return;
    }
    synchronized (found) {
      PipelineRecord record = found.record;
      String ref = shown(found).defaultRef().orElse("");
      RefResult result = record.results().get(ref);
      if (by != null && (result == null || !PipelineRecord.isBroken(result.last()))) {
        throw new ApiException(
            Problem.Code.CONFLICT,
            "The pipeline '" + seen.name() + "' is not broken, so nobody needs to be on it.");
      }
      Mender old = record.mender();
      if (by == null ? old == null : old != null && old.by().equals(by)) {
        return;
      }
      PipelineRecord next = record.with(by == null ? null : new Mender(by, now, ref));
      shelf.put(name.value(), next);
      found.record = next;
    }
  }

  /** Lists these runs no more; what their refs show stays as it is. */
  void forget(PipelineName name, Collection<Long> numbers) {
    Known found = known.get(name);
    if (found == null) {
      return;
    }
    synchronized (found) {
      PipelineRecord next = found.record.without(numbers);
      if (!next.equals(found.record)) {
        shelf.put(name.value(), next);
        found.record = next;
      }
    }
  }

  /** The runs of a pipeline that are not over, in no order. */
  Collection<RunSnapshot> active(PipelineName name) {
    Known found = known.get(name);
    return found == null ? List.of() : List.copyOf(found.active.values());
  }

  /** The source a pipeline belongs to. */
  Optional<SourceName> sourceOf(PipelineName name) {
    return Optional.ofNullable(known.get(name)).map(found -> found.record.source());
  }

  /** The highest run number that is known of a pipeline; 0 if none is. */
  long lastNumber(PipelineName name) {
    return shown(name).map(Pipelines::lastNumber).orElse(0L);
  }

  private static long lastNumber(Shown shown) {
    long finished =
        shown.pipeline().latest().isEmpty() ? 0 : shown.pipeline().latest().getFirst().number();
    long active = shown.active().isEmpty() ? 0 : shown.active().getLast().number();
    return Math.max(finished, active);
  }

  /** What feeds need to know of one pipeline. */
  public Optional<Shown> shown(PipelineName name) {
    return Optional.ofNullable(known.get(name)).map(this::shown);
  }

  /** The names of all pipelines, sorted. */
  public Collection<PipelineName> names() {
    return known.keySet();
  }

  private Shown shown(Known found) {
    List<RunSnapshot> active = new ArrayList<>(found.active.values());
    active.sort(Comparator.comparingLong(RunSnapshot::number));
    PipelineRecord record = found.record;
    return new Shown(
        record, active, DefaultRef.of(defaultBranches.apply(record.source()), record, active));
  }

  /** The runtime images of the latest runs of all pipelines; null for runs without one. */
  Stream<@Nullable String> images() {
    return known.values().stream()
        .flatMap(
            found -> Stream.concat(found.record.latest().stream(), found.active.values().stream()))
        .map(RunSnapshot::image);
  }

  /** All pipelines by name. */
  public Page<PipelineView> views() {
    return new Page<>(known.values().stream().map(this::shown).map(Pipelines::view).toList(), null);
  }

  /** One pipeline; throws NOT_FOUND if nothing of it ever ran. */
  public PipelineView view(PipelineName name) {
    return shown(name)
        .map(Pipelines::view)
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.NOT_FOUND,
                    "There is no pipeline '" + name + "'.",
                    "A pipeline is known from its first run on; see /api/v1/pipelines."));
  }

  /**
   * Finished and active runs over all pipelines, as far as they are {@code wanted}, newest first.
   */
  Stream<RunSnapshot> newest(Predicate<RunSnapshot> wanted) {
    List<RunSnapshot> found = new ArrayList<>();
    for (Known pipeline : known.values()) {
      found.addAll(pipeline.active.values());
      for (RunSnapshot run : pipeline.record.latest()) {
        if (!pipeline.active.containsKey(run.number())) {
          found.add(run);
        }
      }
    }
    return found.stream().filter(wanted).sorted(Comparator.comparing(RunPlace::of));
  }

  private static PipelineView view(Shown shown) {
    PipelineRecord pipeline = shown.pipeline();
    @Nullable RefResult result = shown.defaultRef().map(pipeline.results()::get).orElse(null);
    @Nullable RunSnapshot last = result == null ? null : result.last();
    @Nullable RunSnapshot current = current(shown);
    List<RunSnapshot> finished = finished(shown);
    return new PipelineView(
        pipeline.name(),
        pipeline.source(),
        current == null ? Phase.FINISHED : current.state(),
        last == null ? null : last.outcome(),
        result == null ? null : result.since(),
        result == null ? null : result.brokenBy(),
        typicalSeconds(finished),
        last,
        current,
        recent(finished),
        mending(pipeline),
        Math.toIntExact(shown.active().stream().filter(Pipelines::isWaiting).count()));
  }

  private static @Nullable Mending mending(PipelineRecord pipeline) {
    Mender mender = pipeline.mender();
    return mender == null ? null : new Mending(mender.by(), mender.since());
  }

  /** A run that is parked for hours must not hide the work that goes on meanwhile. */
  private static @Nullable RunSnapshot current(Shown shown) {
    String ref = shown.defaultRef().orElse("");
    return shown.active().stream()
        .min(
            Comparator.comparing((RunSnapshot run) -> !run.ref().equals(ref))
                .thenComparing(Pipelines::isWaiting)
                .thenComparing(run -> run.state() != Phase.RUNNING)
                .thenComparingLong(RunSnapshot::number))
        .orElse(null);
  }

  private static boolean isWaiting(RunSnapshot run) {
    return run.state() == Phase.WAITING;
  }

  /**
   * The finished runs that stand for the pipeline, newest first: all of them if its ref has none.
   */
  private static List<RunSnapshot> finished(Shown shown) {
    String ref = shown.defaultRef().orElse("");
    List<RunSnapshot> latest = shown.pipeline().latest();
    List<RunSnapshot> standing = latest.stream().filter(run -> run.ref().equals(ref)).toList();
    if (standing.isEmpty()) {
      RefResult result = shown.pipeline().results().get(ref);
      return result == null ? latest : List.of(result.last());
    }
    return standing;
  }

  private static @Nullable Long typicalSeconds(List<RunSnapshot> finished) {
    List<Long> seconds =
        finished.stream()
            .filter(run -> run.outcome() == Outcome.SUCCEEDED)
            .limit(TYPICAL_OF)
            .map(Pipelines::seconds)
            .sorted()
            .toList();
    return seconds.isEmpty() ? null : seconds.get(seconds.size() / 2);
  }

  private static List<PipelineView.Recent> recent(List<RunSnapshot> finished) {
    List<PipelineView.Recent> recent = new ArrayList<>();
    for (RunSnapshot run : finished) {
      Outcome outcome = run.outcome();
      if (outcome != null && recent.size() < RECENT) {
        recent.addFirst(new PipelineView.Recent(run.number(), outcome, seconds(run)));
      }
    }
    return recent;
  }

  private static long seconds(RunSnapshot run) {
    Instant from = run.startedAt();
    return from == null
        ? 0
        : Math.max(0, Duration.between(from, PipelineRecord.finishedAt(run)).toSeconds());
  }
}
