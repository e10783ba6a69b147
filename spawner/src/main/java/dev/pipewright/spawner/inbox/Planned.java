package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.NewRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a delivery: its runs and what could not be done. Confined to one thread. */
final class Planned {
  private static final int PROBLEM_LIMIT = 4000;
  private final List<RunId> runs = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** The runs one change asks for, or why there are none. */
  record Wanted(List<NewRun> runs, @Nullable String problem) {
    Wanted {
      runs = List.copyOf(runs);
    }

    static Wanted none(String problem) {
      return new Wanted(List.of(), problem);
    }
  }

  void run(RunId run) {
    if (!runs.contains(run)) {
      runs.add(run);
    }
  }

  void problem(String ref, String text) {
    problems.add(ref.isEmpty() ? text : ref + ": " + text);
  }

  List<RunId> runs() {
    return runs;
  }

  @Nullable String problem() {
    if (problems.isEmpty()) {
      return null;
    }
    String text = String.join("\n", problems);
    return text.length() <= PROBLEM_LIMIT ? text : text.substring(0, PROBLEM_LIMIT) + "…";
  }
}
