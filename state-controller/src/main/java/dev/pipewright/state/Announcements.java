package dev.pipewright.state;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.api.OutboxReport;
import dev.pipewright.protocol.api.OutboxView;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.outbox.NotificationRule;
import dev.pipewright.state.outbox.NotificationRules;
import dev.pipewright.state.outbox.NotificationTexts;
import dev.pipewright.state.outbox.Outbox;
import dev.pipewright.state.outbox.OutboxRecord;
import dev.pipewright.state.outbox.StatusTexts;
import dev.pipewright.state.store.Storage;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts what happens to runs into the outbox: statuses for the forges of their commits,
 * notifications for people. It is told of a run before the marker is removed that has a crashed
 * server look at it again, and all that it does may be done again, so nothing is lost between a
 * change and its message. Thread-safe.
 */
public final class Announcements {
  /** What people were not told of within a day is no news. */
  private static final Duration NEWS = Duration.ofHours(24);

  private final Outbox outbox;
  private final StatusTargets statuses;
  private final NotificationRules rules;
  private final URI publicUrl;
  private final InstantSource clock;

  Announcements(
      Storage storage,
      StatusTargets statuses,
      NotificationRules rules,
      URI publicUrl,
      InstantSource clock) {
    this.outbox = new Outbox(storage, clock);
    this.statuses = statuses;
    this.rules = rules;
    this.publicUrl = publicUrl;
    this.clock = clock;
  }

  /** A run has changed, or is seen for the first time after a start; the caller holds its lock. */
  void changed(RunRecord run) {
    SourceName source = run.order().source();
    if (statuses.isSet(source)) {
      outbox.tell(
          source, StatusTexts.of(run.snapshot(), publicUrl), run.attempt().number(), run.version());
    }
    if (!run.over() && !run.attempt().told().waits().isEmpty()) {
      tellOfWaits(run);
    }
  }

  /** What a run that is over has found of one commit is true of another one, too. */
  void alsoOf(RunRecord run, CommitId commit, String ref) {
    SourceName source = run.order().source();
    if (statuses.isSet(source)) {
      CommitStatus own = StatusTexts.of(run.snapshot(), publicUrl);
      CommitStatus other =
          new CommitStatus(
              own.state(), own.run(), commit, ref, own.context(), own.description(), own.url());
      outbox.tell(source, other, run.attempt().number(), run.version());
    }
  }

  private void tellOfWaits(RunRecord run) {
    Set<String> answered = new HashSet<>();
    run.attempt().told().answers().forEach(answer -> answered.add(answer.key()));
    Instant now = clock.instant();
    RunSnapshot shown = run.snapshot();
    for (OpenWait wait : run.attempt().told().waits()) {
      if (wait.what().isForPeople()
          && !answered.contains(wait.key())
          && wait.since().plus(NEWS).isAfter(now)) {
        tell(
            NotificationEvent.WAITING,
            NotificationTexts.waits(shown, wait, publicUrl, now),
            shown,
            "waiting|" + wait.key());
      }
    }
  }

  /** A run has ended, and this is what it means for its ref; the second time changes nothing. */
  void ended(RunSnapshot run, NotificationEvent event) {
    Notification notification =
        NotificationTexts.ended(run, event, publicUrl, PipelineRecord.finishedAt(run));
    tell(event, notification, run, "ended");
  }

  private void tell(
      NotificationEvent event, Notification notification, RunSnapshot run, String what) {
    for (NotificationRule rule : rules.all()) {
      // Who wants to know of every failure wants to know of the first one, too.
      boolean wanted =
          rule.wants(event, run)
              || (event == NotificationEvent.BROKE && rule.wants(NotificationEvent.FAILED, run));
      if (wanted) {
        outbox.tell(rule.target().name(), notification, what);
      }
    }
  }

  /** A message to send, with what is needed for that, if one comes within {@code wait}. */
  public Optional<OutboxWork> claim(Duration wait) {
    return outbox.claim(wait).flatMap(this::work);
  }

  private Optional<OutboxWork> work(Outbox.Claimed claimed) {
    OutboxRecord message = claimed.message();
    boolean isStatus = message.status() != null;
    @Nullable StatusTarget forge =
        isStatus ? statuses.find(new SourceName(message.target())).orElse(null) : null;
    @Nullable NotificationTarget target =
        isStatus ? null : rules.target(message.target()).orElse(null);
    if (forge == null && target == null) {
      outbox.reported(
          message.id(),
          new OutboxReport(
              claimed.fence(),
              OutboxReport.Result.REFUSED,
              isStatus ? "The source has no token any more." : "The target is not there any more.",
              null));
      return Optional.empty();
    }
    return Optional.of(
        new OutboxWork(
            message.id(),
            claimed.fence(),
            message.status(),
            forge,
            message.notification(),
            target));
  }

  /** Offers a claimed message again at once. */
  public void giveBack(OutboxWork work) {
    outbox.giveBack(work.id(), work.fence());
  }

  /** What came of a claimed message; see {@link Outbox#reported}. */
  public void reported(String id, OutboxReport report) {
    outbox.reported(
        id,
        new OutboxReport(
            report.fence(),
            report.result(),
            Limits.shortenIfAny(report.reason(), 500),
            report.retryAfterSeconds()));
  }

  /** Has a message tried at once; see {@link Outbox#retry}. */
  public OutboxView retry(String id) {
    return outbox.retry(id);
  }

  /** Messages, newest first; {@code after} is the {@code next} of the page before. */
  public Page<OutboxView> list(int limit, @Nullable String after) {
    return outbox.list(limit, after);
  }

  /** Forgets messages that are over and were last changed before this moment. */
  void forgetBefore(Instant moment) {
    outbox.forgetBefore(moment);
  }

  /** Offers what is due, and forgets what is over for long. To be called now and then. */
  void sweep() {
    outbox.sweep();
  }
}
