package dev.pipewright.state;

import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.store.LogKey;
import dev.pipewright.state.store.LogStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** A run in memory. Whoever changes it holds {@code lock}; everybody may read the record. */
final class RunEntry {
  final ReentrantLock lock = new ReentrantLock();
  final Notice changed = new Notice();
  private final Map<LogKey, Long> logEnds = new ConcurrentHashMap<>();
  private final Map<LogKey, Long> logSeconds = new ConcurrentHashMap<>();
  volatile RunRecord record;
  volatile Instant heard;
  long revision;
  boolean settled;

  /** Set while nothing has happened to it since it was read for somebody who looked at it. */
  volatile boolean onlyRead;

  /** Set while events may be stored that are not in the record. */
  boolean behind;

  /** What is to happen to its waits at a time; the caller holds the lock. */
  List<RunDeadlines.Deadline> deadlines = List.of();

  RunEntry(RunRecord record, long revision, Instant heard) {
    this.record = record;
    this.revision = revision;
    this.heard = heard;
  }

  void logEnd(LogKey log, long end) {
    logEnds.put(log, end);
  }

  /** True unless the last time of this log was noted in the same second. */
  boolean isOtherSecond(LogKey log, Instant at) {
    Long noted = logSeconds.get(log);
    return noted == null || noted != at.getEpochSecond();
  }

  void noted(LogKey log, Instant at) {
    logSeconds.put(log, at.getEpochSecond());
  }

  /** What {@code look} finds while nobody changes it. */
  <T> T locked(Function<RunEntry, T> look) {
    lock.lock();
    try {
      return look.apply(this);
    } finally {
      lock.unlock();
    }
  }

  /** The run as the API shows it, with the sizes of its logs. */
  RunSnapshot snapshot(LogStore logs) {
    RunRecord now = record;
    return now.snapshot(sized(now, logs));
  }

  private List<StepSnapshot> sized(RunRecord now, LogStore logs) {
    List<StepSnapshot> sized = new ArrayList<>(now.steps().size());
    for (StepSnapshot step : now.steps()) {
      LogKey log = new LogKey(now.id(), now.attempt().number(), step.path());
      long end =
          step.state() == Phase.PENDING
              ? logEnds.getOrDefault(log, 0L)
              : logEnds.computeIfAbsent(log, logs::length);
      sized.add(StepChange.sized(step, end));
    }
    return sized;
  }
}
