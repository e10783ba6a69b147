package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryDone;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on stored deliveries: claims them, has them planned, ends them. Deliveries of one source
 * are planned in their order, those of several sources side by side. A delivery whose planning was
 * cut off is offered again, here or elsewhere, and leads to the same runs.
 */
public final class Inbox {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Duration POLL = Duration.ofSeconds(20);
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);
  private static final int CLAIMED_AT_ONCE = 256;
  private static final int PLANNED_AT_ONCE = 16;

  private final WorkClient client;
  private final Planner planner;
  private final Executor threads;
  private final Semaphore room = new Semaphore(CLAIMED_AT_ONCE);
  private final Semaphore planning = new Semaphore(PLANNED_AT_ONCE);

  /** The newest fence of each claimed delivery: a long one is offered again while we plan it. */
  private final Map<String, Long> fences = new ConcurrentHashMap<>();

  /** The deliveries that wait behind another one of their source; guarded by itself. */
  private final Map<SourceName, Deque<DeliveryWork>> lanes = new HashMap<>();

  /** An inbox that starts one thread of {@code threads} for each source with work. */
  public Inbox(WorkClient client, Executor threads) {
    this.client = client;
    this.planner = new Planner(client);
    this.threads = threads;
  }

  /** Works until the calling thread is interrupted. */
  public void run() {
    try {
      while (true) {
        room.acquire();
        Optional<DeliveryWork> work = claim();
        if (work.isEmpty() || fences.put(work.get().id(), work.get().fence()) != null) {
          room.release();
        } else {
          enqueue(work.get());
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

  private void enqueue(DeliveryWork work) {
    synchronized (lanes) {
      Deque<DeliveryWork> lane = lanes.get(work.source());
      if (lane != null) {
        lane.add(work);
        return;
      }
      lanes.put(work.source(), new ArrayDeque<>());
    }
    threads.execute(() -> workOff(work));
  }

  private void workOff(DeliveryWork first) {
    Optional<DeliveryWork> work = Optional.of(first);
    try {
      while (work.isPresent()) {
        planning.acquire();
        try {
          plan(work.get());
        } finally {
          planning.release();
          fences.remove(work.get().id());
          room.release();
        }
        work = next(first.source());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<DeliveryWork> next(SourceName source) {
    synchronized (lanes) {
      Deque<DeliveryWork> lane = lanes.get(source);
      DeliveryWork work = lane == null ? null : lane.poll();
      if (work == null) {
        lanes.remove(source);
      }
      return Optional.ofNullable(work);
    }
  }

  private void plan(DeliveryWork work) throws InterruptedException {
    Planned planned = new Planned();
    try {
      planned = planner.plan(work);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("delivery", work.id()).setCause(e).log("Delivery was not planned");
      planned.problem("", "The server failed to plan the delivery; its log says why.");
    }
    end(work, planned);
  }

  private void end(DeliveryWork work, Planned planned) throws InterruptedException {
    try {
      Retries.untilDone("finish delivery", () -> finish(work, planned));
      LOG.atInfo()
          .addKeyValue("delivery", work.id())
          .addKeyValue("runs", planned.runs())
          .addKeyValue("problem", planned.problem())
          .log("Delivery planned");
    } catch (ApiException e) {
      LOG.atWarn()
          .addKeyValue("delivery", work.id())
          .setCause(e)
          .log("Delivery was taken over by another instance");
    }
  }

  /** Ends the delivery under its newest fence, which may grow while this call is on its way. */
  private void finish(DeliveryWork work, Planned planned) {
    long fence = newest(work);
    try {
      client.finishDelivery(work.id(), new DeliveryDone(fence, planned.runs(), planned.problem()));
    } catch (ApiException e) {
      if (newest(work) == fence) {
        throw e;
      }
      finish(work, planned);
    }
  }

  private long newest(DeliveryWork work) {
    return fences.getOrDefault(work.id(), work.fence());
  }
}
