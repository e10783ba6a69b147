package dev.pipewright.test.play;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import java.util.HashMap;
import java.util.Map;

/**
 * Whose turn it is. A task that is repeated because its engine was lost has the same turn as
 * before, so that a run which was interrupted goes the same way as one that was not. Thread-safe.
 */
final class Turns {

  /** One task in one turn. */
  private record Turn(StepPath step, int number) {}

  /** One script in one turn of a task. */
  private record Use(String script, Turn turn) {}

  private final Map<StepPath, Integer> numbers = new HashMap<>();
  private final Map<StepPath, Integer> attempts = new HashMap<>();
  private final Map<Use, Integer> calls = new HashMap<>();

  /** An engine told something. */
  synchronized void told(RunEvent event) {
    switch (event) {
      case RunEvent.RunStarted _ -> {
        numbers.clear();
        attempts.clear();
        calls.clear();
      }
      case RunEvent.StepStarted(StepPath path, int attempt) -> {
        Integer before = attempts.put(path, attempt);
        if (before == null || before != attempt) {
          numbers.merge(path, 1, Integer::sum);
        }
      }
      case RunEvent.StepsReset reset ->
          reset
              .paths()
              .forEach(
                  path ->
                      attempts.keySet().removeIf(each -> each.equals(path) || path.contains(each)));
      default -> {}
    }
  }

  /** The turn of a task that begins now, counted from 0; what it called in it is forgotten. */
  synchronized int begin(StepPath step) {
    Turn turn = current(step);
    calls.keySet().removeIf(use -> use.turn().equals(turn));
    return Math.max(0, turn.number() - 1);
  }

  /** The turn of a script that a task calls now, counted from 0 over all tasks. */
  synchronized int call(String script, StepPath step) {
    int all =
        calls.entrySet().stream()
            .filter(entry -> entry.getKey().script().equals(script))
            .mapToInt(Map.Entry::getValue)
            .sum();
    calls.merge(new Use(script, current(step)), 1, Integer::sum);
    return all;
  }

  /** The turn of a script that stands for the fetch of a repository. */
  synchronized int fetch(String script) {
    return call(script, StepPath.of("fetch"));
  }

  private Turn current(StepPath step) {
    return new Turn(step, numbers.getOrDefault(step, 0));
  }
}
