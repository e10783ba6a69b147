package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.state.store.Shelf;
import dev.pipewright.state.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which runs are no longer kept. That is written before anything of them is deleted, so what is
 * half deleted is never shown, and a crash leaves work to do but no riddles. Thread-safe.
 */
final class RemovedRuns {

  /**
   * What is gone of one pipeline: all runs with lower numbers than {@code below} except those that
   * were spared.
   *
   * @param spared newest first
   * @param pending removed runs of which something may still be stored
   */
  record Removed(long below, List<Long> spared, List<Long> pending) {
    private static final Removed NONE = new Removed(1, List.of(), List.of());

    Removed {
      spared = List.copyOf(spared);
      pending = List.copyOf(pending);
    }

    private boolean contains(long number) {
      return number < below && !spared.contains(number);
    }
  }

  private final Shelf<Removed> shelf;
  private final ConcurrentMap<PipelineName, Removed> known = new ConcurrentHashMap<>();

  /** Those that are to be removed, from the moment on that this cannot be turned back. */
  private final Set<RunId> doomed = ConcurrentHashMap.newKeySet();

  RemovedRuns(Storage storage) {
    this.shelf = storage.shelf("removedRuns", Removed.class);
    shelf.forEach((id, removed) -> known.put(new PipelineName(id), removed));
  }

  Removed of(PipelineName pipeline) {
    return known.getOrDefault(pipeline, Removed.NONE);
  }

  void put(PipelineName pipeline, Removed removed) {
    shelf.put(pipeline.value(), removed);
    known.put(pipeline, removed);
    removed.pending().forEach(number -> doomed.remove(new RunId(pipeline, number)));
  }

  /** From now on the run counts as removed; the caller holds its lock. */
  void doom(RunId run) {
    doomed.add(run);
  }

  /** Throws NOT_FOUND if the run is removed. */
  void check(RunId run) {
    if (contains(run)) {
      throw missing(run);
    }
  }

  boolean contains(RunId run) {
    return doomed.contains(run) || of(run.pipeline()).contains(run.number());
  }

  /** What somebody is told who asks for a run that cannot be found. */
  ApiException missing(RunId run) {
    return contains(run)
        ? new ApiException(
            Problem.Code.NOT_FOUND,
            "The run " + run + " is not kept any more.",
            "Old runs are removed, see --keep-runs and --keep-days; pin those that must stay.")
        : new ApiException(Problem.Code.NOT_FOUND, "There is no run " + run + ".");
  }

  /** Up to {@code limit} numbers below {@code before} that may be kept, newest first. */
  List<Long> below(PipelineName pipeline, long before, int limit) {
    Removed removed = of(pipeline);
    List<Long> found = new ArrayList<>();
    for (long number = before - 1; number >= removed.below() && found.size() < limit; number--) {
      found.add(number);
    }
    for (long number : removed.spared()) {
      if (number < before && found.size() < limit) {
        found.add(number);
      }
    }
    return found;
  }
}
