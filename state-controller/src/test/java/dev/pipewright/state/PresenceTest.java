package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Waits whose caller leaves. */
class PresenceTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Presence caller = new Presence();
  private final Notice notice = new Notice();
  private final AtomicReference<Optional<String>> work = new AtomicReference<>(Optional.empty());
  private final CountDownLatch looked = new CountDownLatch(1);

  private Optional<String> takeNow() {
    Optional<String> found = work.getAndSet(Optional.empty());
    looked.countDown();
    return found;
  }

  private Optional<String> await() {
    return ScopedValue.where(Presence.CALLER, caller).call(() -> notice.await(LONG, this::takeNow));
  }

  private CompletableFuture<Optional<String>> waiting() throws InterruptedException {
    CompletableFuture<Optional<String>> result = new CompletableFuture<>();
    Thread unused = Thread.startVirtualThread(() -> result.complete(await()));
    assertThat(looked.await(1, TimeUnit.MINUTES)).isTrue();
    return result;
  }

  @Test
  void aCallerWhoLeavesEndsItsWaitAndTakesNothingOfWhatComesLater() throws Exception {
    CompletableFuture<Optional<String>> result = waiting();

    caller.leave();
    work.set(Optional.of("work"));
    notice.announce();

    assertThat(result.get(1, TimeUnit.MINUTES)).isEmpty();
    assertThat(work.get()).contains("work");
  }

  @Test
  void whoLeftBeforeTheWaitTakesNothing() {
    work.set(Optional.of("work"));
    caller.leave();

    assertThat(await()).isEmpty();
    assertThat(work.get()).contains("work");
  }

  @Test
  void whoStaysIsGivenWhatComes() throws Exception {
    CompletableFuture<Optional<String>> result = waiting();

    work.set(Optional.of("work"));
    notice.announce();

    assertThat(result.get(1, TimeUnit.MINUTES)).contains("work");
    caller.leave();
  }
}
