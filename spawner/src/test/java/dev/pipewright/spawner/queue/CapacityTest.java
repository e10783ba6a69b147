package dev.pipewright.spawner.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CapacityTest {
  @Test
  void waitsUntilEnoughPlacesWereGivenBack() throws Exception {
    Capacity capacity = new Capacity(1);
    capacity.takeAnyway();
    capacity.takeAnyway();
    CountDownLatch taken = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    capacity.take();
                    taken.countDown();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });

    capacity.giveBack();
    assertThat(taken.await(50, TimeUnit.MILLISECONDS)).isFalse();
    capacity.giveBack();

    assertThat(taken.await(1, TimeUnit.MINUTES)).isTrue();
    waiting.join();
  }
}
