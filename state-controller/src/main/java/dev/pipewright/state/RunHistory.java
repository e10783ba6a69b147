package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.state.store.Shelf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The runs of a pipeline, a page at a time. Thread-safe. */
final class RunHistory {
  private final Shelf<RunRecord> runs;
  private final Map<RunId, RunEntry> inMemory;
  private final RemovedRuns removed;

  RunHistory(Shelf<RunRecord> runs, Map<RunId, RunEntry> inMemory, RemovedRuns removed) {
    this.runs = runs;
    this.inMemory = inMemory;
    this.removed = removed;
  }

  /** Finished and waiting runs of one pipeline with numbers below {@code before}, newest first. */
  List<RunRecord> below(PipelineName pipeline, long before, int limit) {
    List<RunRecord> found = new ArrayList<>();
    List<Long> numbers = removed.below(pipeline, before, limit);
    while (!numbers.isEmpty() && found.size() < limit) {
      List<String> ids =
          numbers.stream().map(number -> new RunId(pipeline, number).toString()).toList();
      Map<String, RunRecord> stored = runs.findAll(ids);
      for (String id : ids) {
        RunEntry live = inMemory.get(RunId.parse(id));
        RunRecord run = live == null ? stored.get(id) : live.record;
        if (run != null && found.size() < limit) {
          found.add(run);
        }
      }
      numbers = removed.below(pipeline, numbers.getLast(), limit);
    }
    return found;
  }
}
