package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.store.LogStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A run in memory. Whoever changes it holds {@code lock}; everybody may read the record. */
final class RunEntry {
  final ReentrantLock lock = new ReentrantLock();
  final Notice changed = new Notice();
  private final Map<StepPath, Long> logEnds = new ConcurrentHashMap<>();
  volatile RunRecord record;
  volatile Instant heard;
  long revision;
  boolean settled;

  RunEntry(RunRecord record, long revision, Instant heard) {
    this.record = record;
    this.revision = revision;
    this.heard = heard;
  }

  void logEnd(StepPath step, long end) {
    logEnds.put(step, end);
  }

  /** The run as the API shows it, with the sizes of its logs. */
  RunSnapshot snapshot(LogStore logs) {
    RunRecord now = record;
    return now.snapshot(sized(now, logs));
  }

  private List<StepSnapshot> sized(RunRecord now, LogStore logs) {
    List<StepSnapshot> sized = new ArrayList<>(now.steps().size());
    for (StepSnapshot step : now.steps()) {
      long end =
          step.startedAt() == null
              ? 0
              : logEnds.computeIfAbsent(step.path(), path -> logs.length(now.id(), path));
      sized.add(end == step.logBytes() ? step : withLog(step, end));
    }
    return sized;
  }

  private static StepSnapshot withLog(StepSnapshot step, long end) {
    return new StepSnapshot(
        step.path(),
        step.kind(),
        step.state(),
        step.outcome(),
        step.reason(),
        step.startedAt(),
        step.finishedAt(),
        step.attempt(),
        step.allowFailure(),
        end,
        step.artifacts());
  }
}
