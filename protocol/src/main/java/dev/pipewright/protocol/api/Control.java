package dev.pipewright.protocol.api;

import dev.pipewright.protocol.run.Answer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the State-Controller wants a launch to know: whether the run is over, and who wants it
 * cancelled and why, what was answered to what it waits for, and whether its engine has reported
 * anything yet.
 */
public record Control(
    boolean finished,
    @Nullable String cancelledBy,
    @Nullable String cancelReason,
    @Nullable Instant cancelledAt,
    List<Answer> answers,
    boolean engineSeen) {
  public Control {
    answers = answers == null ? List.of() : List.copyOf(answers);
  }

  /** A control without answers for an engine, which knows that it was seen. */
  public Control(
      boolean finished,
      @Nullable String cancelledBy,
      @Nullable String cancelReason,
      @Nullable Instant cancelledAt) {
    this(finished, cancelledBy, cancelReason, cancelledAt, List.of(), true);
  }
}
