package dev.pipewright.spawner.post;

import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxReport.Result;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of sending something, with the reason in words that hold no secret.
 *
 * @param retryAfterSeconds how long the receiver wants to be left alone; null if it did not say
 */
public record Sent(Result result, @Nullable String reason, @Nullable Long retryAfterSeconds) {
  private static final int LONGEST = 300;
  private static final int SHORTEST_SECRET = 4;
  private static final int FORBIDDEN = 403;
  private static final int REQUEST_TIMEOUT = 408;

  /** GitLab answers so while another update of the same commit is under way. */
  private static final int CONFLICT = 409;

  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;

  /** The receiver has it. */
  public static Sent done() {
    return new Sent(Result.SENT, null, null);
  }

  /** It may be taken later. */
  public static Sent later(String reason, List<String> secrets) {
    return new Sent(Result.RETRY, told(reason, secrets), null);
  }

  /** It will never be taken. */
  public static Sent refused(String reason, List<String> secrets) {
    return new Sent(Result.REFUSED, told(reason, secrets), null);
  }

  /** What an answer means: a server that is in trouble or busy may take it later. */
  static Sent of(Post post, Answer answer, Instant now) {
    if (answer.isTaken()) {
      return done();
    }
    String message = answer.message();
    String reason =
        told(
            "%s answered %d%s"
                .formatted(
                    post.receiver(), answer.status(), message.isEmpty() ? "." : ": " + message),
            post.secrets());
    Optional<Long> wait = retryAfter(answer, now);
    int status = answer.status();
    boolean busy =
        status == TOO_MANY
            || status == REQUEST_TIMEOUT
            || status == CONFLICT
            || status == TOO_EARLY
            || status >= 500
            || (status == FORBIDDEN && wait.isPresent());
    if (busy) {
      return new Sent(Result.RETRY, reason, wait.orElse(null));
    }
    if (status / 100 == 3) {
      return new Sent(
          Result.REFUSED,
          reason + " Redirects are not followed: give the address it is really at.",
          null);
    }
    return new Sent(Result.REFUSED, reason, null);
  }

  /** What was claimed under this fence has come to this. */
  public OutboxReport under(long fence) {
    return new OutboxReport(fence, result, reason, retryAfterSeconds);
  }

  /** Seconds from {@code Retry-After}, or until GitHub's limit of requests is reset. */
  private static Optional<Long> retryAfter(Answer answer, Instant now) {
    Optional<String> after = answer.header("Retry-After");
    if (after.isPresent()) {
      return number(after.get()).or(() -> until(after.get(), now)).map(Sent::positive);
    }
    boolean used = answer.header("X-RateLimit-Remaining").filter("0"::equals).isPresent();
    return used
        ? answer
            .header("X-RateLimit-Reset")
            .flatMap(Sent::number)
            .map(reset -> positive(reset - now.getEpochSecond()))
        : Optional.empty();
  }

  private static long positive(long seconds) {
    return Math.max(0, seconds);
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static Optional<Long> until(String date, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, then).toSeconds());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** One line without secrets. */
  private static String told(String reason, List<String> secrets) {
    String told = reason;
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_SECRET) {
        told = told.replace(secret, "***");
      }
    }
    told = told.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return told.length() <= LONGEST ? told : told.substring(0, LONGEST) + "…";
  }
}
