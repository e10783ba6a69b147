package dev.pipewright.engine.execute;

import dev.pipewright.engine.waiting.Waits;
import dev.pipewright.engine.work.Ending;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Waits for answers, and says in words what they were. */
final class Answers {
  private Answers() {}

  /** Waits; null if the wait was cancelled. */
  static @Nullable Answer await(Waits.Request request, Scope scope) {
    try {
      return scope.run().waits().await(request, scope.cancellation());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Such as {@code approved by ann: looks good}. */
  static String said(Answer answer, String what) {
    String by = answer.by() == null ? "somebody" : answer.by();
    String note = answer.note();
    return what + " " + by + (note == null || note.isBlank() ? "" : ": " + note.strip());
  }

  /** The ending of a step that was not answered in time. */
  static Ending expired(Scope scope) {
    Instant deadline = scope.deadline();
    return deadline != null && !deadline.isAfter(scope.run().time().now())
        ? new Ending(Outcome.TIMED_OUT, "the time around it was over")
        : new Ending(Outcome.TIMED_OUT, "nobody answered in time");
  }

  static Ending expired(Duration within) {
    return new Ending(
        Outcome.TIMED_OUT, "nobody answered within " + TimeoutExecution.shown(within));
  }

  /** What is said of an answer that does not fit what was asked. */
  static String odd(Answer answer) {
    String note = answer.note();
    return note == null || note.isBlank()
        ? "The answer '%s' does not fit."
            .formatted(answer.verdict().name().toLowerCase(Locale.ROOT))
        : note;
  }
}
