package dev.pipewright.builder;

import dev.pipewright.protocol.api.ApiException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims work from the State-Controller and does it, several pieces at once, until closed; a piece
 * is held by renewing its claim. Work must be repeatable: it is tried again while the
 * State-Controller is away, and offered again by it if this process dies. Thread-safe.
 */
final class ClaimLoop<T> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final int LONGEST_PAUSE_MILLIS = 5_000;
  private static final Duration RENEW_EVERY = Duration.ofSeconds(8);
  private static final int TRIES = 60;

  private final String what;
  private final Offer<T> offer;
  private final Consumer<T> work;
  private final Semaphore free;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Where work comes from: how it is claimed, and how a claimed piece is held on. */
  record Offer<T>(Function<Duration, Optional<T>> claim, Consumer<T> renew) {}

  /**
   * A loop that has not begun.
   *
   * @param what the kind of work, for the log
   * @param atOnce how many pieces are worked on at the same time
   */
  ClaimLoop(String what, int atOnce, Offer<T> offer, Consumer<T> work) {
    this.what = what;
    this.offer = offer;
    this.work = work;
    this.free = new Semaphore(atOnce);
  }

  void start() {
    threads.execute(this::loop);
  }

  private void loop() {
    int failures = 0;
    try {
      while (closed.getCount() > 0) {
        free.acquire();
        Optional<T> claimed = Optional.empty();
        try {
          claimed = offer.claim().apply(POLL);
          failures = 0;
        } catch (UncheckedIOException | ApiException e) {
          failures++;
          if (failures == 3) {
            log.atWarn().addKeyValue("work", what).setCause(e).log("Claiming does not work");
          }
          pause(failures);
        }
        dispatch(claimed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch(Optional<T> claimed) {
    if (claimed.isEmpty() || closed.getCount() == 0) {
      free.release();
      return;
    }
    T piece = claimed.get();
    threads.execute(
        () -> {
          Thread keeper = Thread.ofVirtual().name("keeper-" + what).start(() -> keep(piece));
          try {
            persist(piece);
          } finally {
            keeper.interrupt();
            free.release();
          }
        });
  }

  /** Holds a claimed piece until it is interrupted; a piece that was lost is finished in vain. */
  private void keep(T piece) {
    try {
      while (!closed.await(RENEW_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          offer.renew().accept(piece);
        } catch (UncheckedIOException | ApiException e) {
          log.atDebug().addKeyValue("work", what).setCause(e).log("Claim was not renewed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void persist(T piece) {
    try {
      for (int attempt = 1; closed.getCount() > 0 && attempt <= TRIES; attempt++) {
        try {
          work.accept(piece);
          return;
        } catch (UncheckedIOException e) {
          if (closed.getCount() == 0) {
            return;
          }
          log.atWarn().addKeyValue("work", what).setCause(e).log("Work is tried again");
          pause(attempt);
        }
      }
    } catch (ApiException e) {
      log.atWarn().addKeyValue("work", what).setCause(e).log("Work was refused");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().addKeyValue("work", what).setCause(e).log("Work could not be done");
    }
  }

  /** Waits the longer the more often it went wrong; ends early when the loop is closed. */
  private void pause(int failures) throws InterruptedException {
    long millis = Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(failures, 10));
    if (closed.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("The Builder is closing.");
    }
  }

  /** Claims nothing more and interrupts what is under way; it is offered again elsewhere. */
  @Override
  public void close() {
    closed.countDown();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        log.atWarn().addKeyValue("work", what).log("Work did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
