package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.VersionAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a delivery: its runs and what could not be done. Confined to one thread. */
final class Planned {
  private static final int PROBLEM_LIMIT = 4000;
  private final List<RunId> runs = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private DeliveryDone.Result result = DeliveryDone.Result.PLANNED;

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

  /** Something that does not count as a failure, such as a change that nobody wants. */
  void problem(String ref, String text) {
    problems.add(ref.isEmpty() ? text : ref + ": " + text);
  }

  /** Something that trying again would not help. */
  void failure(String ref, String text) {
    problem(ref, text);
    failed();
  }

  /** What an answer about one change means for the whole: one that passes by outweighs all. */
  void count(VersionAnswer answer) {
    switch (answer.state()) {
      case READY -> {}
      case FAILED, PENDING -> failed();
      case ABSENT -> absent();
      case UNAVAILABLE -> result = DeliveryDone.Result.LATER;
    }
  }

  private void absent() {
    if (result != DeliveryDone.Result.LATER) {
      result = DeliveryDone.Result.ABSENT;
    }
  }

  private void failed() {
    if (result == DeliveryDone.Result.PLANNED) {
      result = DeliveryDone.Result.FAILED;
    }
  }

  /** The report of a delivery that was claimed with {@code fence}. */
  DeliveryDone done(long fence) {
    return new DeliveryDone(fence, runs, problem(), result);
  }

  private @Nullable String problem() {
    if (problems.isEmpty()) {
      return null;
    }
    String text = String.join("\n", problems);
    return text.length() <= PROBLEM_LIMIT ? text : text.substring(0, PROBLEM_LIMIT) + "…";
  }
}
