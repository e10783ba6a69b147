package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message of the outbox, for people.
 *
 * @param kind {@code status} or the word of a {@link NotificationEvent}
 * @param target the source whose forge, or the name of the target, that is told
 * @param text what is told, in short
 * @param tries how often it was tried
 * @param next when it is tried again at the earliest; null once it is over
 * @param reason why it was not taken the last time
 */
public record OutboxView(
    String id,
    RunId run,
    String kind,
    String target,
    String text,
    State state,
    int tries,
    Instant since,
    @Nullable Instant next,
    @Nullable String reason) {

  /** Where it stands. */
  public enum State {
    /** Not taken yet. */
    PENDING,
    SENT,
    /** Not taken for good; the reason says why. */
    REFUSED
  }
}
