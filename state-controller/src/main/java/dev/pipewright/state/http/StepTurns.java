package dev.pipewright.state.http;

import dev.pipewright.protocol.RunId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When runs are told with all their steps, counted in rounds: the first change at once, those that
 * follow together when the run has rested. So the last change is always told, and a run of a
 * thousand steps not a thousand times. Not thread-safe.
 */
final class StepTurns {
  private final int rest;
  private final Map<RunId, Turn> turns = new LinkedHashMap<>();

  private static final class Turn {
    private int left;
    private boolean changed;
  }

  /** After it was told, a run rests for so many rounds. */
  StepTurns(int rest) {
    this.rest = rest;
  }

  /** Notes that there is news of a run. */
  void changed(RunId run) {
    turns.computeIfAbsent(run, any -> new Turn()).changed = true;
  }

  /** True if no run rests or waits for its turn, so that no round needs to be made. */
  boolean isIdle() {
    return turns.isEmpty();
  }

  /** Makes a round: the runs to be told now. */
  List<RunId> next() {
    List<RunId> due = new ArrayList<>();
    turns
        .entrySet()
        .removeIf(
            entry -> {
              Turn turn = entry.getValue();
              if (turn.left > 0) {
                turn.left--;
                return false;
              }
              if (turn.changed) {
                due.add(entry.getKey());
                turn.changed = false;
                turn.left = rest;
                return false;
              }
              return true;
            });
    return due;
  }

  /** Forgets all of them. */
  void clear() {
    turns.clear();
  }
}
