package dev.pipewright.state;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.Control;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.state.store.LogGapException;
import dev.pipewright.state.store.LogStore;
import java.time.InstantSource;

/** What an engine says about its run, and what it is told. Thread-safe. */
public final class RunReports {
  private static final long LONGEST_LOG = 256L * 1024 * 1024;

  private final RunBook book;
  private final LogStore logs;
  private final InstantSource clock;

  RunReports(RunBook book, LogStore logs, InstantSource clock) {
    this.book = book;
    this.logs = logs;
    this.clock = clock;
  }

  /** What the engine of this launch is to do; throws FENCED if the launch was replaced. */
  public Assignment assignment(RunId id, long fence) {
    RunEntry entry = book.entry(id);
    RunRecord run = entry.record;
    RunChecks.fence(run, fence);
    entry.heard = clock.instant();
    NewRun order = run.order();
    return new Assignment(
        run.id(),
        1,
        run.fence(),
        order.source(),
        order.ref(),
        order.commit(),
        order.cause(),
        order.bundle(),
        order.plan(),
        order.parameters(),
        order.seed(),
        Routes.GIT + "/" + order.source());
  }

  /** Stores events. */
  public Control report(RunId id, EventBatch batch) {
    RunEntry entry = book.entry(id);
    RunRecord run = book.report(entry, batch);
    entry.heard = clock.instant();
    return run.control();
  }

  /** The launch lives. */
  public Control renew(RunId id, Lease lease) {
    RunEntry entry = book.entry(id);
    RunChecks.fence(entry.record, lease.fence());
    entry.heard = clock.instant();
    return entry.record.control();
  }

  /**
   * Stores output of a step.
   *
   * @throws ApiException CONFLICT if bytes are missing before it, TOO_LARGE beyond the limit
   */
  public void append(RunId id, StepPath step, long fence, long offset, byte[] bytes) {
    RunEntry entry = book.entry(id);
    RunChecks.fence(entry.record, fence);
    if (offset < 0 || offset + bytes.length > LONGEST_LOG) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "The output of a step has at most %,d bytes.".formatted(LONGEST_LOG));
    }
    entry.heard = clock.instant();
    try {
      long end = logs.append(id, step, offset, bytes);
      entry.logEnd(step, end);
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
        || run.steps().stream()
            .flatMap(step -> step.artifacts().stream())
            .anyMatch(artifact -> artifact.digest().equals(blob));
  }
}
