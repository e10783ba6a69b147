package dev.pipewright.state.outbox;

import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationEvent;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.Limits;
import java.net.URI;
import java.time.Instant;

/** Says what people are told of a run. Pure. */
public final class NotificationTexts {
  private static final int LONGEST = 300;

  private NotificationTexts() {}

  /** That a run has ended, and what that means for its ref. */
  public static Notification ended(
      RunSnapshot run, NotificationEvent event, URI publicUrl, Instant at) {
    String what =
        switch (event) {
          case BROKE -> "broke " + shown(run) + ": " + StatusTexts.description(run);
          case FIXED -> "fixed " + shown(run);
          case FAILED -> shown(run) + " is still broken: " + StatusTexts.description(run);
          case WAITING -> throw new IllegalArgumentException("A run that waits has not ended.");
        };
    return of(run, event, run.id() + " " + what, publicUrl, at);
  }

  /** That a run waits for a person. */
  public static Notification waits(RunSnapshot run, OpenWait wait, URI publicUrl, Instant at) {
    String question = wait.path() == null ? "" : " (" + wait.what().forWhat() + ")";
    String what = run.id() + ": " + StatusTexts.waiting(wait) + question;
    return of(run, NotificationEvent.WAITING, what, publicUrl, at);
  }

  private static String shown(RunSnapshot run) {
    return run.ref().replaceFirst("^refs/(heads|tags)/", "");
  }

  private static Notification of(
      RunSnapshot run, NotificationEvent event, String title, URI publicUrl, Instant at) {
    String message = run.cause().message();
    return new Notification(
        event,
        run.id(),
        run.attempt(),
        run.source(),
        run.ref(),
        run.commit(),
        Limits.shorten(title.replaceAll("[\\s\\p{Cntrl}]+", " "), LONGEST),
        run.cause().by(),
        message == null ? null : Limits.shorten(message, LONGEST),
        StatusTexts.url(run, publicUrl),
        at);
  }
}
