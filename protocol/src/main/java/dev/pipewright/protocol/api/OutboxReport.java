package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * What came of a claimed message.
 *
 * @param reason why it was not taken, in words
 * @param retryAfterSeconds how long the receiver wants to be left alone; null if it did not say
 */
public record OutboxReport(
    long fence, Result result, @Nullable String reason, @Nullable Long retryAfterSeconds) {

  /** How it ended. */
  public enum Result {
    /** The receiver has it. */
    SENT,
    /** It may be taken later. */
    RETRY,
    /** It will never be taken. */
    REFUSED
  }
}
