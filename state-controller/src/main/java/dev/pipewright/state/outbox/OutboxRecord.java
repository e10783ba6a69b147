package dev.pipewright.state.outbox;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is kept: a status of a commit or a notification. Its changes are pure.
 *
 * @param id made of what it tells of, so that the same thing is told once
 * @param lane messages of one lane are sent one after the other, oldest first
 * @param order its place among all messages
 * @param target the source whose forge, or the name of the target, that is told
 * @param version the version of the run it tells of
 * @param tries how often it was tried
 * @param next when it may be tried
 * @param changed when something happened to it last
 * @param reason why it was not taken the last time
 */
public record OutboxRecord(
    String id,
    String lane,
    long order,
    String target,
    @Nullable CommitStatus status,
    @Nullable Notification notification,
    long version,
    int attempt,
    OutboxView.State state,
    int tries,
    Instant since,
    Instant next,
    Instant changed,
    @Nullable String reason) {

  /** The status of a commit, told to the forge of {@code source}; in no place yet. */
  static OutboxRecord of(
      SourceName source, CommitStatus status, int attempt, long version, Instant at) {
    return new OutboxRecord(
        "status|%s|%d|%d|%s".formatted(status.run(), attempt, version, status.commit()),
        "status|%s|%s|%s".formatted(source, status.commit(), status.context()),
        0,
        source.value(),
        status,
        null,
        version,
        attempt,
        OutboxView.State.PENDING,
        0,
        at,
        at,
        at,
        null);
  }

  /**
   * A notification for the target with this name, in no place yet; {@code what} tells those of a
   * run apart.
   */
  static OutboxRecord of(String target, Notification notification, String what, Instant at) {
    RunId run = notification.run();
    int attempt = notification.attempt();
    return new OutboxRecord(
        "notification|%s|%s|%d|%s".formatted(target, run, attempt, what),
        "notification|%s|%s|%s".formatted(target, run.pipeline(), notification.ref()),
        0,
        target,
        null,
        notification,
        0,
        attempt,
        OutboxView.State.PENDING,
        0,
        at,
        at,
        at,
        null);
  }

  /** This in its place among all messages. */
  OutboxRecord at(long place) {
    return new OutboxRecord(
        id,
        lane,
        place,
        target,
        status,
        notification,
        version,
        attempt,
        state,
        tries,
        since,
        next,
        changed,
        reason);
  }

  boolean isPending() {
    return state == OutboxView.State.PENDING;
  }

  RunId run() {
    return status == null ? Objects.requireNonNull(notification).run() : status.run();
  }

  /** True if this says the same as {@code other}, a status, for people and forges. */
  boolean saysTheSameAs(OutboxRecord other) {
    return attempt == other.attempt && Objects.equals(status, other.status);
  }

  /** True if this, a status, tells of a later moment than {@code other} of its lane. */
  boolean isLaterThan(OutboxRecord other) {
    return run().number() == other.run().number()
        ? version > other.version
        : run().number() > other.run().number();
  }

  /** This after a try. */
  OutboxRecord after(OutboxReport report, Instant now, Instant again) {
    return switch (report.result()) {
      case SENT -> in(OutboxView.State.SENT, tries + 1, now, now, null);
      case REFUSED -> in(OutboxView.State.REFUSED, tries + 1, now, now, report.reason());
      case RETRY -> in(OutboxView.State.PENDING, tries + 1, now, again, report.reason());
    };
  }

  /** This as if it had never been tried, but with the reason it was not taken for. */
  OutboxRecord afresh(Instant now) {
    return in(OutboxView.State.PENDING, 0, now, now, reason);
  }

  private OutboxRecord in(
      OutboxView.State next, int tried, Instant now, Instant again, @Nullable String why) {
    return new OutboxRecord(
        id,
        lane,
        order,
        target,
        status,
        notification,
        version,
        attempt,
        next,
        tried,
        since,
        again,
        now,
        why);
  }

  /** For people. */
  OutboxView view() {
    boolean isStatus = status != null;
    return new OutboxView(
        id,
        run(),
        isStatus ? "status" : Objects.requireNonNull(notification).event().word(),
        target,
        isStatus
            ? Objects.requireNonNull(status).description()
            : Objects.requireNonNull(notification).title(),
        state,
        tries,
        since,
        isPending() ? next : null,
        reason);
  }
}
