package dev.pipewright.spawner.outbox;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.CommitStatus;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.MailServer;
import dev.pipewright.protocol.api.Notification;
import dev.pipewright.protocol.api.NotificationTarget;
import dev.pipewright.protocol.api.OutboxWork;
import dev.pipewright.protocol.api.StatusTarget;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.mail.Mailer;
import dev.pipewright.spawner.notify.ChatMessage;
import dev.pipewright.spawner.notify.WebhookMessage;
import dev.pipewright.spawner.post.HttpPoster;
import dev.pipewright.spawner.post.Post;
import dev.pipewright.spawner.post.Sent;
import dev.pipewright.spawner.retry.Retries;
import dev.pipewright.spawner.status.StatusApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of the outbox, a few at a time, and reports what came of each. When to try
 * again is decided by the State-Controller. Every message ends before its claim does, so no two
 * instances send the same one at once. Thread-safe.
 */
public final class Sender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);
  private static final Duration POST_LIMIT = Duration.ofSeconds(15);
  private static final Duration MAIL_LIMIT = Duration.ofSeconds(40);
  private static final int AT_ONCE = 8;

  private final WorkClient client;
  private final ExecutorService threads;
  private final InstantSource clock;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final Mailer mailer = new Mailer();
  private @Nullable HttpPoster poster;

  /** A sender that starts a thread of {@code threads} for each message. */
  public Sender(WorkClient client, ExecutorService threads, InstantSource clock) {
    this.client = client;
    this.threads = threads;
    this.clock = clock;
  }

  /** Works until the calling thread is interrupted. */
  public void run() {
    try {
      while (true) {
        room.acquire();
        Optional<OutboxWork> work = claim();
        if (work.isEmpty()) {
          room.release();
        } else {
          threads.execute(() -> work(work.get()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<OutboxWork> claim() throws InterruptedException {
    try {
      return Retries.untilAnswered("claim message", () -> client.claimMessage(POLL));
    } catch (ApiException | IllegalArgumentException e) {
      LOG.atError().setCause(e).log("Could not claim messages");
      Retries.pause(AFTER_REFUSAL);
      return Optional.empty();
    }
  }

  private void work(OutboxWork work) {
    try {
      Sent sent = send(work);
      LOG.atInfo()
          .addKeyValue("message", work.id())
          .addKeyValue("result", sent.result())
          .addKeyValue("reason", sent.reason())
          .log("Message tried");
      Retries.untilDone(
          "report message", () -> client.messageReported(work.id(), sent.under(work.fence())));
    } catch (ApiException e) {
      LOG.atWarn()
          .addKeyValue("message", work.id())
          .setCause(e)
          .log("Message was taken over by another instance");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      room.release();
    }
  }

  private Sent send(OutboxWork work) throws InterruptedException {
    CommitStatus status = work.status();
    StatusTarget forge = work.forge();
    if (status != null && forge != null) {
      return send(status, forge);
    }
    Notification notification = work.notification();
    NotificationTarget target = work.target();
    if (notification != null && target != null) {
      return send(work.id(), notification, target);
    }
    return Sent.refused("It is of a kind this Spawner does not know.", List.of());
  }

  private Sent send(CommitStatus status, StatusTarget forge) throws InterruptedException {
    Optional<StatusApi> api = ForgeKind.of(forge.forge()).flatMap(StatusApi::of);
    if (api.isEmpty()) {
      return Sent.refused("A %s source has no API for it.".formatted(forge.forge()), List.of());
    }
    Optional<Post> post = api.get().post(status, forge);
    return post.isEmpty()
        ? Sent.refused("The forge shows no status of " + status.ref() + ".", List.of())
        : poster().send(post.get(), api.get()::isKnown);
  }

  private Sent send(String id, Notification notification, NotificationTarget target)
      throws InterruptedException {
    String url = target.url();
    MailServer mail = target.mail();
    if (target.kind() == NotificationTarget.Kind.MAIL) {
      return mail == null
          ? Sent.refused("There is no mail server.", List.of())
          : mailed(() -> mailer.send(notification, id, target.to(), mail));
    }
    if (url == null) {
      return Sent.refused("The target has no URL.", List.of());
    }
    try {
      Post post =
          target.kind() == NotificationTarget.Kind.SLACK
              ? ChatMessage.of(notification, target.name(), url)
              : WebhookMessage.of(notification, id, target.name(), url, target.secret());
      return poster().send(post, answer -> false);
    } catch (IllegalArgumentException e) {
      return Sent.refused("The target's URL is none.", List.of());
    }
  }

  /** A slow mail server may not hold a message longer than its claim. */
  private Sent mailed(java.util.concurrent.Callable<Sent> sending) throws InterruptedException {
    Future<Sent> sent = threads.submit(sending);
    try {
      return sent.get(MAIL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Sent.later(
          "The mail server took longer than %d s.".formatted(MAIL_LIMIT.toSeconds()), List.of());
    } catch (ExecutionException e) {
      LOG.atError().setCause(e).log("Mail could not be made");
      return Sent.refused("The mail could not be made; the server's log says why.", List.of());
    } finally {
      boolean unused = sent.cancel(true);
    }
  }

  /** Made when it is needed first, as most servers tell nobody anything for a while. */
  private synchronized HttpPoster poster() {
    HttpPoster made = poster;
    if (made == null) {
      made = new HttpPoster(POST_LIMIT, clock);
      poster = made;
    }
    return made;
  }

  /** Breaks off what is being posted; it is offered again. */
  @Override
  public synchronized void close() {
    if (poster != null) {
      poster.close();
    }
  }
}
