package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryWork;
import dev.pipewright.protocol.client.WorkClient;
import dev.pipewright.spawner.retry.Retries;
import java.time.Duration;

/** A claim on a delivery that is kept while the delivery is worked on. Confined to one thread. */
final class Hold {
  private static final Duration INTERVAL = Duration.ofSeconds(8);

  private final WorkClient client;
  private final DeliveryWork work;
  private long renewedAt = System.nanoTime();

  Hold(WorkClient client, DeliveryWork work) {
    this.client = client;
    this.work = work;
  }

  /**
   * Says that the delivery is still being worked on, if that was not said lately.
   *
   * @throws ApiException FENCED if it was given to somebody else
   */
  void keep() throws InterruptedException {
    if (System.nanoTime() - renewedAt < INTERVAL.toNanos()) {
      return;
    }
    Retries.untilDone("renew delivery", () -> client.renewDelivery(work.id(), work.fence()));
    renewedAt = System.nanoTime();
  }
}
