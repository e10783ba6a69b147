package dev.pipewright.state;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Questions that somebody else answers. The same question asked again while it is open is asked
 * once; whoever claims it renews the claim while at work, as it is offered to others 30 seconds
 * after the last sign of life. An answer that nobody waited for is kept for the next who asks, for
 * ten minutes. Only in memory: who asks, asks again after a restart. Thread-safe.
 */
final class Questions<Q, A> {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** A claimed question. */
  record Work<Q>(String key, Q question, long fence) {}

  private static final class Open<Q, A> {
    private final Q question;
    private final Instant askedAt;
    private long fence;
    private @Nullable Instant leasedUntil;
    private int waiters;
    private @Nullable A answer;
    private @Nullable Instant answeredAt;

    private Open(Q question, Instant askedAt) {
      this.question = question;
      this.askedAt = askedAt;
    }
  }

  private final InstantSource clock;
  private final Map<String, Open<Q, A>> open = new LinkedHashMap<>();
  private final Notice asked = new Notice();
  private final Notice answered = new Notice();
  private long fences;

  Questions(InstantSource clock) {
    this.clock = clock;
    this.fences = clock.millis();
  }

  /** The answer, if there is one within {@code wait}; the question stays open if not. */
  Optional<A> ask(String key, Q question, Duration wait) {
    Open<Q, A> mine;
    synchronized (this) {
      mine = open.computeIfAbsent(key, any -> new Open<>(question, clock.instant()));
      mine.waiters++;
    }
    asked.announce();
    Optional<A> answer = answered.await(wait, () -> answerOf(mine));
    synchronized (this) {
      mine.waiters--;
      if (answer.isPresent() && mine.waiters == 0) {
        open.remove(key, mine);
      }
    }
    return answer;
  }

  private synchronized Optional<A> answerOf(Open<Q, A> question) {
    return Optional.ofNullable(question.answer);
  }

  /** The oldest question nobody works on, if one comes within {@code wait}. */
  Optional<Work<Q>> claim(Duration wait) {
    return asked.await(wait, this::claimNow);
  }

  private synchronized Optional<Work<Q>> claimNow() {
    Instant now = clock.instant();
    for (Map.Entry<String, Open<Q, A>> entry : open.entrySet()) {
      Open<Q, A> found = entry.getValue();
      Instant until = found.leasedUntil;
      if (found.answer == null && (until == null || !until.isAfter(now))) {
        fences++;
        found.fence = fences;
        found.leasedUntil = now.plus(LEASE);
        return Optional.of(new Work<>(entry.getKey(), found.question, found.fence));
      }
    }
    return Optional.empty();
  }

  /** Holds a claimed question on; false if somebody else holds it, or nobody asks it any more. */
  synchronized boolean renew(String key, long fence) {
    Open<Q, A> found = open.get(key);
    if (found == null || found.fence != fence) {
      return false;
    }
    found.leasedUntil = clock.instant().plus(LEASE);
    return true;
  }

  /** Offers a claimed question again at once; of one that is not held so, it changes nothing. */
  void giveBack(String key, long fence) {
    synchronized (this) {
      Open<Q, A> found = open.get(key);
      if (found == null || found.fence != fence) {
        return;
      }
      found.leasedUntil = null;
    }
    asked.announce();
  }

  /** True if a question is open since {@code before} and nobody works on it. */
  synchronized boolean isLeftAlone(String key, Instant before) {
    Open<Q, A> found = open.get(key);
    if (found == null || found.answer != null || found.askedAt.isAfter(before)) {
      return false;
    }
    Instant until = found.leasedUntil;
    return until == null || until.isBefore(before);
  }

  /** The open question with this key, if it is held with this fence. */
  synchronized Optional<Q> held(String key, long fence) {
    Open<Q, A> found = open.get(key);
    return found == null || found.fence != fence ? Optional.empty() : Optional.of(found.question);
  }

  /** Answers a claimed question; without effect if somebody else holds it now. */
  void answer(String key, long fence, A answer) {
    synchronized (this) {
      Open<Q, A> found = open.get(key);
      if (found == null || found.fence != fence || found.answer != null) {
        return;
      }
      found.answer = answer;
      found.answeredAt = clock.instant();
    }
    answered.announce();
  }

  /** Drops an answer that nobody fetched. */
  synchronized void forget(String key) {
    Open<Q, A> found = open.get(key);
    if (found != null && found.answer != null) {
      open.remove(key);
    }
  }

  /** Offers questions again whose claim has run out, and forgets answers nobody fetched. */
  void sweep() {
    Instant old = clock.instant().minus(KEPT);
    synchronized (this) {
      open.values().removeIf(found -> found.answeredAt != null && found.answeredAt.isBefore(old));
    }
    asked.announce();
  }
}
