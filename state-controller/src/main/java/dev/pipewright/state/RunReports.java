package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.LogTime;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.store.LogGapException;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an engine says about its run, and what it is told. Thread-safe. */
public final class RunReports {
  private static final long LONGEST_LOG = 256L * 1024 * 1024;

  private final RunBook book;
  private final LogStore logs;
  private final RunMask mask;
  private final InstantSource clock;

  RunReports(RunBook book, LogStore logs, RunMask mask, InstantSource clock) {
    this.book = book;
    this.mask = mask;
    this.logs = logs;
    this.clock = clock;
  }

  /** What the engine of this launch is to do; throws FENCED if the launch was replaced. */
  public Assignment assignment(RunId id, long fence) {
    RunEntry entry = book.entry(id);
    RunRecord run = entry.record;
    RunChecks.launch(run, fence);
    entry.heard = clock.instant();
    RunAttempt attempt = run.attempt();
    NewRun order = run.order();
    return new Assignment(
        run.id(),
        attempt.number(),
        run.fence(),
        order.source(),
        order.ref(),
        order.commit(),
        order.cause(),
        order.bundle(),
        order.plan(),
        order.parameters(),
        order.seed(),
        Routes.GIT + "/" + order.source(),
        attempt.hasHistory(),
        attempt.from(),
        attempt.reason(),
        attempt.told().answers(),
        attempt.progress().begun() ? logEnds(run) : Map.of());
  }

  private Map<StepPath, Long> logEnds(RunRecord run) {
    Map<StepPath, Long> ends = new HashMap<>();
    for (StepSnapshot step : run.steps()) {
      long end = logs.length(new LogKey(run.id(), run.attempt().number(), step.path()));
      if (end > 0) {
        ends.put(step.path(), end);
      }
    }
    return ends;
  }

  /** The events of all attempts and launches of a run, oldest first; for the launch that has it. */
  public List<EventEnvelope> history(RunId id, long fence) {
    RunEntry entry = book.entry(id);
    RunChecks.launch(entry.record, fence);
    entry.heard = clock.instant();
    return book.events(entry.record);
  }

  /** Stores events. */
  public Control report(RunId id, EventBatch batch) {
    RunEntry entry = book.entry(id);
    List<EventEnvelope> events = mask.events(id, batch.events());
    RunRecord run = book.report(entry, new EventBatch(batch.fence(), events));
    entry.heard = clock.instant();
    return run.control();
  }

  /** The launch lives. */
  public Control renew(RunId id, Lease lease) {
    RunEntry entry = book.entry(id);
    RunChecks.launch(entry.record, lease.fence());
    entry.heard = clock.instant();
    return entry.record.control();
  }

  /**
   * Stores output of a step.
   *
   * @param at when it was printed, null if that is not known
   * @throws ApiException CONFLICT if bytes are missing before it, TOO_LARGE beyond the limit
   */
  public void append(
      RunId id, StepPath step, long fence, long offset, @Nullable Instant at, byte[] bytes) {
    RunEntry entry = book.entry(id);
    RunRecord run = entry.record;
    RunChecks.launch(run, fence);
    if (offset < 0 || offset + bytes.length > LONGEST_LOG) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "The output of a step has at most %,d bytes.".formatted(LONGEST_LOG));
    }
    entry.heard = clock.instant();
    LogKey log = new LogKey(id, run.attempt().number(), step);
    try {
      long end = mask.append(logs, log, offset, bytes);
      if (at != null && bytes.length > 0 && entry.isOtherSecond(log, at)) {
        logs.note(log, new LogTime(offset, at));
        entry.noted(log, at);
      }
      entry.logEnd(log, end);
      book.tellLog(entry, step, end, bytes.length);
    } catch (LogGapException e) {
      throw new ApiException(
          Problem.Code.CONFLICT,
          "Output at byte %d came, but the stored output ends at %d.".formatted(offset, e.end()),
          "Send it from byte " + e.end() + " on.");
    }
  }

  /** True if the engine of this run may read the blob: its code, its seed, what it kept. */
  public boolean mayRead(RunId id, BlobDigest blob) {
    RunRecord run = book.entry(id).record;
    return blob.equals(run.order().bundle())
        || blob.equals(run.order().seed())
        || isKept(run.steps(), blob)
        || run.attempt().past().stream()
            .flatMap(past -> book.archive().find(id, past.attempt()).stream())
            .anyMatch(past -> isKept(past.steps(), blob));
  }

  private static boolean isKept(List<StepSnapshot> steps, BlobDigest blob) {
    return steps.stream()
        .flatMap(step -> step.artifacts().stream())
        .anyMatch(artifact -> artifact.digest().equals(blob));
  }
}
