package dev.pipewright.state.outbox;

import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxReport.Result;
import java.time.Duration;
import java.time.Instant;

/**
 * When a message that was not taken is tried again: after 5 seconds, then 10, 20 and so on, at the
 * most every 10 minutes, later if the receiver wants so, and not any more once a day has passed.
 */
final class Backoff {
  static final Duration FIRST = Duration.ofSeconds(5);
  static final Duration LONGEST = Duration.ofMinutes(10);
  static final Duration GIVES_UP_AFTER = Duration.ofHours(24);
  private static final int DOUBLINGS = 7;

  private Backoff() {}

  /** When the try after the one that is reported may be. */
  static Instant next(int tries, OutboxReport report, Instant now) {
    Duration own = FIRST.multipliedBy(1L << Math.min(tries, DOUBLINGS));
    Duration pause = own.compareTo(LONGEST) > 0 ? LONGEST : own;
    Long wanted = report.retryAfterSeconds();
    if (wanted != null && wanted > pause.toSeconds()) {
      pause = Duration.ofSeconds(Math.min(wanted, GIVES_UP_AFTER.toSeconds()));
    }
    return now.plus(pause);
  }

  /** The report as it counts: RETRY becomes REFUSED if the next try would be too late. */
  static OutboxReport judged(OutboxRecord record, OutboxReport report, Instant next) {
    if (report.result() != Result.RETRY || !next.isAfter(record.since().plus(GIVES_UP_AFTER))) {
      return report;
    }
    String reason = report.reason() == null ? "" : " The last time: " + report.reason();
    return new OutboxReport(
        report.fence(),
        Result.REFUSED,
        "Given up after %d tries in %d hours.%s"
            .formatted(record.tries() + 1, GIVES_UP_AFTER.toHours(), reason),
        null);
  }
}
