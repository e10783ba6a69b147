package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on stored deliveries: claims them, has them planned, tells what became of them. The
 * State-Controller offers one delivery of a source at a time, so those of one source are planned in
 * their order and those of several sources side by side, however many Spawners there are. A
 * delivery whose planning was cut off is offered again, here or elsewhere, and leads to the same
 * runs.
 */
public final class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);
  private static final int CLAIMED_AT_ONCE = 128;

  private final WorkClient client;
  private final Planner planner;
  private final Executor threads;
  private final Semaphore room = new Semaphore(CLAIMED_AT_ONCE);
  private final AtomicInteger working = new AtomicInteger();
  private volatile boolean draining;

  /** An inbox that starts one thread of {@code threads} for each claimed delivery. */
  public Inbox(WorkClient client, Executor threads) {
    this.client = client;
    this.planner = new Planner(client);
    this.threads = threads;
  }

  /** Claims no more deliveries from now on. */
  public void drain() {
    draining = true;
  }

  /** True while a claimed delivery is planned. */
  public boolean isWorking() {
    return working.get() > 0;
  }

  /** Works until it is drained or the calling thread is interrupted. */
  public void run() {
    try {
      while (!draining) {
        room.acquire();
        Optional<DeliveryWork> work = claim();
        if (work.isEmpty()) {
          room.release();
        } else {
          working.incrementAndGet();
          threads.execute(() -> workOn(work.get()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<DeliveryWork> claim() throws InterruptedException {
    try {
      return Retries.untilAnswered("claim delivery", () -> client.claimDelivery(POLL));
    } catch (ApiException | IllegalArgumentException e) {
      LOG.atError().setCause(e).log("Could not claim deliveries");
      Retries.pause(AFTER_REFUSAL);
      return Optional.empty();
    }
  }

  private void workOn(DeliveryWork work) {
    try {
      report(work, plan(work).done(work.fence()));
    } catch (ApiException e) {
      LOG.atWarn().addKeyValue("delivery", work.id()).setCause(e).log("Delivery was let go");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      working.decrementAndGet();
      room.release();
    }
  }

  private Planned plan(DeliveryWork work) throws InterruptedException {
    try {
      return planner.plan(work);
    } catch (RuntimeException e) {
      if (e instanceof ApiException problem && problem.is(Problem.Code.FENCED)) {
        throw problem;
      }
      LOG.atError().addKeyValue("delivery", work.id()).setCause(e).log("Delivery was not planned");
      Planned failed = new Planned();
      failed.failure("", "The server failed to plan the delivery; its log says why.");
      return failed;
    }
  }

  private void report(DeliveryWork work, DeliveryDone done) throws InterruptedException {
    Retries.untilDone("finish delivery", () -> client.finishDelivery(work.id(), done));
    LOG.atInfo()
        .addKeyValue("delivery", work.id())
        .addKeyValue("result", done.result())
        .addKeyValue("runs", done.runs())
        .addKeyValue("problem", done.problem())
        .log("Delivery planned");
  }
}
