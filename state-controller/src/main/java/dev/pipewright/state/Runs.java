package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.LogStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making, reading, cancelling and repeating runs. Thread-safe. */
public final class Runs {
  private static final int MOST_PER_PAGE = 200;
  private static final int MOST_LOOKED_AT = 2000;
  private static final int USUAL_PIECE = 50;
  private static final int STRIPES = 64;
  private static final int LONGEST_REASON = 500;
  private static final Duration UNIT_END = Duration.ofSeconds(10);

  private final RunBook book;
  private final Pipelines pipelines;
  private final Sources sources;
  private final LogStore logs;
  private final InstantSource clock;
  private final RunAdmission admission;
  private final Object[] keyLocks = new Object[STRIPES];

  Runs(
      RunBook book,
      Pipelines pipelines,
      Sources sources,
      LogStore logs,
      RunAdmission admission,
      InstantSource clock) {
    this.book = book;
    this.admission = admission;
    this.pipelines = pipelines;
    this.sources = sources;
    this.logs = logs;
    this.clock = clock;
    for (int i = 0; i < STRIPES; i++) {
      keyLocks[i] = new Object();
    }
  }

  /** A run, and whether this call made it. */
  public record Created(RunSnapshot run, boolean fresh) {}

  /**
   * Queues a run, or finds the one with the same key, however many ask at once. One that cannot be
   * run ends at once, with the reason.
   *
   * @throws ApiException CONFLICT if the pipeline's name belongs to another source, TOO_LARGE if it
   *     has too many steps
   */
  public Created create(NewRun order) {
    RunChecks.size(order.plan());
    sources.view(order.source());
    synchronized (keyLocks[Math.floorMod(order.key().hashCode(), STRIPES)]) {
      Optional<RunEntry> known = book.byKey(order.key());
      if (known.isPresent()) {
        return new Created(known.get().snapshot(logs), false);
      }
      pipelines.claimName(order.plan().pipeline(), order.source());
      NewRun admitted = admission.admitted(order);
      String refusal = admission.refusal(admitted);
      OpenWait hold = refusal == null ? admission.hold(admitted) : null;
      RunEntry made =
          book.add(
              admitted,
              draft -> {
                if (refusal != null) {
                  draft.refuse(refusal, clock.instant());
                }
                draft.admit(admitted, hold);
                return refusal != null || hold != null;
              });
      return new Created(made.snapshot(logs), true);
    }
  }

  /** The run as it stands, with its steps and its plan. */
  public RunSnapshot snapshot(RunId id) {
    return book.entry(id).snapshot(logs);
  }

  /** The run once it is newer than {@code version}, or as it stands when {@code wait} is over. */
  public RunSnapshot snapshot(RunId id, long version, Duration wait) {
    RunEntry entry = book.entry(id);
    return entry
        .changed
        .await(
            wait,
            () ->
                entry.record.version() > version || entry.record.over()
                    ? Optional.of(entry)
                    : Optional.<RunEntry>empty())
        .orElse(entry)
        .snapshot(logs);
  }

  /** All runs of one pipeline, newest first. */
  public Page<RunSnapshot> list(PipelineName pipeline, int limit, @Nullable String after) {
    return list(pipeline, RunFilter.ALL, limit, after);
  }

  /** The newest runs over all pipelines. */
  public Page<RunSnapshot> list(int limit, @Nullable String after) {
    return list(RunFilter.ALL, limit, after);
  }

  /**
   * Runs of one pipeline, newest first; {@code after} is the last number that was looked at for the
   * page before. So many runs are looked at for one page that it may come out short, or empty, with
   * more to come.
   */
  public Page<RunSnapshot> list(
      PipelineName pipeline, RunFilter filter, int limit, @Nullable String after) {
    int count = Math.clamp(limit, 1, MOST_PER_PAGE);
    long newest = pipelines.lastNumber(pipeline) + 1;
    long before = after == null ? newest : Math.min(PageCursor.number(after), newest);
    List<RunSnapshot> found = new ArrayList<>();
    for (int looked = 0; found.size() < count && looked < MOST_LOOKED_AT && before > 1; ) {
      int size = filter.equals(RunFilter.ALL) ? count : Math.max(count, USUAL_PIECE);
      List<RunRecord> piece = book.below(pipeline, before, size);
      before = piece.size() < size ? 1 : piece.getLast().id().number();
      for (RunRecord run : piece) {
        RunSnapshot summary = run.snapshot().summary();
        if (filter.test(summary)) {
          found.add(summary);
        }
        if (found.size() == count) {
          before = summary.number();
          break;
        }
      }
      looked += size;
    }
    return new Page<>(found, before > 1 ? Long.toString(before) : null);
  }

  /**
   * The newest runs over all pipelines; {@code after} is the {@code next} of the page before. Of a
   * pipeline, only its last runs are in this list.
   */
  public Page<RunSnapshot> list(RunFilter filter, int limit, @Nullable String after) {
    int count = Math.clamp(limit, 1, MOST_PER_PAGE);
    @Nullable RunPlace last = after == null ? null : RunPlace.parse(after);
    List<RunSnapshot> wanted =
        pipelines
            .newest(
                run -> (last == null || RunPlace.of(run).compareTo(last) > 0) && filter.test(run))
            .limit(count + 1L)
            .toList();
    List<RunSnapshot> page = wanted.subList(0, Math.min(count, wanted.size()));
    boolean more = wanted.size() > count;
    return new Page<>(page, more ? RunPlace.of(page.getLast()).toString() : null);
  }

  /** The stored events of a run. */
  public List<EventEnvelope> events(RunId id) {
    return book.events(book.entry(id).record);
  }

  /**
   * An attempt of a run, with its steps and its plan.
   *
   * @throws ApiException NOT_FOUND if it was not begun yet
   */
  public RunSnapshot attempt(RunId id, int number) {
    RunEntry entry = book.entry(id);
    RunSnapshot now = entry.snapshot(logs);
    if (now.attempt() == number) {
      return now;
    }
    return book.archive()
        .find(id, number)
        .filter(found -> found.attempt() < now.attempt())
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.NOT_FOUND,
                    "The run %s has no attempt %d.".formatted(id, number),
                    "It is in attempt %d.".formatted(now.attempt())));
  }

  /** The artifact of a run with this path; throws NOT_FOUND if there is none. */
  public Artifact artifact(RunId id, String path) {
    return book.entry(id).record.steps().stream()
        .flatMap(step -> step.artifacts().stream())
        .filter(artifact -> artifact.path().equals(path))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    Problem.Code.NOT_FOUND, "The run " + id + " kept no such artifact."));
  }

  /**
   * Asks for the end of a run. One that no engine has to see to is over at once; for others this is
   * a wish that their engine fulfils.
   *
   * @throws ApiException CONFLICT if it is over
   */
  public RunSnapshot cancel(RunId id, String by, @Nullable String reason) {
    RunEntry entry = book.entry(id);
    String why =
        reason == null || reason.isBlank()
            ? "Cancelled by " + by + "."
            : Limits.shorten(reason.strip(), LONGEST_REASON);
    book.change(entry, draft -> draft.cancel(by, why, clock.instant()));
    return entry.snapshot(logs);
  }

  /**
   * Puts a finished run into the queue again, as another attempt. If its unit is still ending, this
   * waits a moment for that.
   *
   * @throws ApiException CONFLICT, with the reason, if there cannot be another attempt
   */
  public RunSnapshot rerun(RunId id, RerunRequest request, String by) {
    RunEntry entry = book.entry(id);
    RerunChecks.check(entry.record, request.from(), clock.instant());
    boolean free =
        entry
            .changed
            .await(UNIT_END, () -> isFree(entry) ? Optional.of(entry) : Optional.empty())
            .isPresent();
    if (!free) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "The last unit of " + id + " has not ended yet.",
          "Try again in a moment.");
    }
    book.change(
        entry,
        draft -> {
          RerunChecks.check(draft.before(), request.from(), clock.instant());
          draft.rerun(request.from(), reason(request, by), by, clock.instant());
          NewRun again = admission.admitted(draft.before().order());
          draft.admit(again, admission.hold(again));
        });
    return entry.snapshot(logs);
  }

  private boolean isFree(RunEntry entry) {
    return entry.record.holder() == null
        || entry.heard.plus(RunQueue.LEASE).isBefore(clock.instant());
  }

  private static String reason(RerunRequest request, String by) {
    String from = request.from() == null ? "" : " from '" + request.from() + "'";
    String said = request.reason();
    return "Run again%s by %s%s"
        .formatted(
            from,
            by,
            said == null || said.isBlank()
                ? "."
                : ": " + Limits.shorten(said.strip(), LONGEST_REASON));
  }
}
