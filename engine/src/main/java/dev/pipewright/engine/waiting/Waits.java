package dev.pipewright.engine.waiting;

import dev.pipewright.engine.report.Reporter;
import dev.pipewright.engine.step.Cancellation;
import dev.pipewright.engine.time.Activity;
import dev.pipewright.engine.time.EngineTime;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run waits for outside of its engine. A branch that waits is woken by the answer to
 * its key, by a cancel, or because the run parks. The run parks when every branch waits: at once
 * for people, after a short while for locks and runs, which often come soon. Thread-safe.
 */
public final class Waits {
  private static final Duration LINGER = Duration.ofSeconds(3);

  private final Activity activity;
  private final EngineTime time;
  private final Reporter reporter;
  private final Duration patience;
  private final Map<String, Answer> answers = new HashMap<>();
  private final Map<String, Waiting> open = new LinkedHashMap<>();
  private EngineTime.@Nullable Timer lingering;
  private List<Request> left = List.of();
  private boolean parked;

  /**
   * No answers yet.
   *
   * @param patience how long after the end of a wait the engine says itself that it is over; the
   *     one who gives answers is to say it before
   */
  public Waits(Activity activity, EngineTime time, Reporter reporter, Duration patience) {
    this.activity = activity;
    this.time = time;
    this.reporter = reporter;
    this.patience = patience;
    activity.onChange(this::look);
  }

  /**
   * A wait of one branch.
   *
   * @param key names it in the attempt; answers name it
   * @param path the step that is shown as waiting; null for none
   * @param what what is waited for
   * @param known whether an engine before this one has reported it
   */
  public record Request(String key, @Nullable StepPath path, Wait what, boolean known) {}

  private static final class Waiting {
    final Request request;
    final Activity.Blocked blocked;
    final CountDownLatch woken = new CountDownLatch(1);
    boolean parked;

    Waiting(Request request, Activity.Blocked blocked) {
      this.request = request;
      this.blocked = blocked;
    }

    void wake() {
      blocked.end();
      woken.countDown();
    }
  }

  /** Answers have come; those known already are passed over. */
  public synchronized void answered(Collection<Answer> more) {
    for (Answer answer : more) {
      if (answers.putIfAbsent(answer.key(), answer) == null) {
        Waiting waiting = open.get(answer.key());
        if (waiting != null) {
          wake(waiting);
        }
      }
    }
  }

  /** The answer to a key, if it has come. */
  public synchronized @Nullable Answer answer(String key) {
    return answers.get(key);
  }

  /** What is waited for, oldest first. */
  public synchronized List<Request> open() {
    return open.values().stream().map(waiting -> waiting.request).toList();
  }

  /** What the run has parked for, oldest first; empty if it has not. */
  public synchronized List<Request> left() {
    return left;
  }

  /**
   * Waits for an answer.
   *
   * @return null if {@code cancellation} was cancelled before it came
   * @throws ParkedException if the run parks
   * @throws InterruptedException if the calling thread is interrupted
   */
  public @Nullable Answer await(Request request, Cancellation cancellation)
      throws InterruptedException {
    Answer early = answer(request.key());
    if (early != null) {
      return early;
    }
    if (!request.known()) {
      reporter.event(new RunEvent.StepWaiting(request.key(), request.path(), request.what()));
    }
    try (EngineTime.Timer _ = expiry(request)) {
      return await(begin(request), cancellation);
    }
  }

  private @Nullable Answer await(Waiting waiting, Cancellation cancellation)
      throws InterruptedException {
    try (Cancellation.Registration _ = cancellation.onCancel(() -> wake(waiting))) {
      activity.changed();
      waiting.woken.await();
    } finally {
      wake(waiting);
      synchronized (this) {
        open.remove(waiting.request.key());
      }
    }
    return ended(waiting);
  }

  private synchronized Waiting begin(Request request) {
    if (parked) {
      throw new ParkedException(request.what().forWhat());
    }
    Waiting waiting = new Waiting(request, activity.waiting());
    open.put(request.key(), waiting);
    if (answers.containsKey(request.key())) {
      wake(waiting);
    }
    return waiting;
  }

  private synchronized @Nullable Answer ended(Waiting waiting) {
    if (waiting.parked) {
      throw new ParkedException(waiting.request.what().forWhat());
    }
    return answers.get(waiting.request.key());
  }

  private EngineTime.Timer expiry(Request request) {
    Instant until = request.what().until();
    if (until == null) {
      return () -> {};
    }
    Answer expired = new Answer(request.key(), Answer.Verdict.EXPIRED, null, null, until, Map.of());
    return time.after(
        Duration.between(time.now(), until).plus(patience), () -> answered(List.of(expired)));
  }

  private synchronized void wake(Waiting waiting) {
    if (lingering != null) {
      lingering.close();
      lingering = null;
    }
    waiting.wake();
  }

  private void look() {
    boolean armed = false;
    synchronized (this) {
      if (parked || open.isEmpty() || !activity.isWaiting()) {
        return;
      }
      if (open.values().stream().allMatch(each -> each.request.what().isForPeople())) {
        park();
      } else if (lingering == null) {
        lingering = time.after(LINGER, this::lingered);
        armed = true;
      }
    }
    if (armed) {
      activity.changed();
    }
  }

  private synchronized void lingered() {
    if (!parked && lingering != null && activity.isWaiting()) {
      park();
    }
  }

  private void park() {
    parked = true;
    left = open();
    open.values().forEach(waiting -> waiting.parked = true);
    List.copyOf(open.values()).forEach(this::wake);
  }
}
