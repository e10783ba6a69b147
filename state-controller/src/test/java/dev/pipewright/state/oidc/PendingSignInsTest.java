package dev.pipewright.state.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.state.oidc.PendingSignIns.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PendingSignInsTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final PendingSignIns pending = new PendingSignIns(now::get);

  @Test
  void whoTakesTooLongBeginsAgain() {
    Pending begun = pending.begin("/", "browser", "10.0.0.1");
    now.updateAndGet(at -> at.plus(PendingSignIns.PATIENCE));
    assertThat(pending.end(begun.state(), "browser")).isEmpty();
    Pending again = pending.begin("/", "browser", "10.0.0.1");
    now.updateAndGet(at -> at.plus(PendingSignIns.PATIENCE).minus(Duration.ofSeconds(1)));
    assertThat(pending.end(again.state(), "browser")).contains(again);
    assertThat(pending.end(again.state(), "browser")).isEmpty();
  }

  @Test
  void oneAddressCannotMakeThoseOfOthersForgotten() {
    Pending mine = pending.begin("/", "browser", "10.0.0.1");
    for (int i = 0; i < PendingSignIns.MOST_PER_ADDRESS * 3; i++) {
      pending.begin("/", "guess", "10.6.6.6");
    }
    assertThat(pending.size()).isEqualTo(PendingSignIns.MOST_PER_ADDRESS + 1);
    assertThat(pending.end(mine.state(), "browser")).contains(mine);
  }
}
