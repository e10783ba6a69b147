package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import java.util.Optional;

/** Which runs may still ask for something, and which of them wait. Thread-safe. */
final class LiveRuns {
  private static final int LONGEST_KEY = 1000;

  private final RunBook book;

  LiveRuns(RunBook book) {
    this.book = book;
  }

  /**
   * The run whose engine asks.
   *
   * @throws ApiException FENCED if the launch was replaced, CONFLICT if the run is finished
   */
  RunRecord asking(RunId id, long fence) {
    RunRecord run = book.entry(id).record;
    RunChecks.fence(run, fence);
    if (run.over()) {
      throw new ApiException(
          Problem.Code.CONFLICT, "The run " + id + " is finished; it gets nothing any more.");
    }
    RunChecks.launch(run, fence);
    return run;
  }

  /** The run as it stands; throws NOT_FOUND if there is none. */
  RunRecord record(RunId id) {
    return book.entry(id).record;
  }

  /** The run, if it is not over and still in this attempt. */
  Optional<RunRecord> inAttempt(RunId id, int attempt) {
    try {
      RunRecord run = book.entry(id).record;
      return run.over() || run.attempt().number() != attempt ? Optional.empty() : Optional.of(run);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  /** True if the run waits for the answer with this key and was not told it. */
  static boolean isWaiting(RunRecord run, String key) {
    RunAttempt.Told told = run.attempt().told();
    return told.waits().stream().anyMatch(wait -> wait.key().equals(key))
        && told.answers().stream().noneMatch(answer -> answer.key().equals(key));
  }

  /** The key of a node, if it can be one. */
  static String key(String key) {
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      throw new ApiException(
          Problem.Code.MALFORMED,
          "The key of a step has 1 to %,d characters.".formatted(LONGEST_KEY));
    }
    return key;
  }
}
