package dev.pipewright.state;

import dev.pipewright.protocol.api.DeliveryState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a delivery has come. Pure.
 *
 * @param attempts how often it was claimed since it came or was replayed
 * @param fence that of its last claim; 0 before
 * @param failingSince when an attempt first met with something that passes by
 * @param nextAt when the next attempt may begin; null if nothing delays it
 * @param absentSince when an attempt first found the repository without what the delivery names;
 *     null if none did
 */
public record DeliveryProgress(
    DeliveryState state,
    int attempts,
    long fence,
    @Nullable Instant failingSince,
    @Nullable Instant nextAt,
    @Nullable Instant absentSince) {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofHours(24);

  /** How much earlier than its refs a forge may tell of a push. */
  private static final Duration PATIENCE_WITH_ABSENCE = Duration.ofMinutes(5);

  private static final int ATTEMPTS_IN_PLACE = 3;

  static DeliveryProgress at(DeliveryState state) {
    return new DeliveryProgress(state, 0, 0, null, null, null);
  }

  DeliveryProgress claimed(long by) {
    return new DeliveryProgress(
        DeliveryState.BUILDING, attempts + 1, by, failingSince, null, absentSince);
  }

  DeliveryProgress in(DeliveryState next) {
    return new DeliveryProgress(next, attempts, fence, failingSince, null, absentSince);
  }

  /** Back in the line, with the pause that follows this attempt. */
  DeliveryProgress postponed(Instant now) {
    Instant since = failingSince == null ? now : failingSince;
    return new DeliveryProgress(
        DeliveryState.RECEIVED, attempts, fence, since, now.plus(pause(attempts)), null);
  }

  /** The same for one that names what the repository does not have, or not have yet. */
  DeliveryProgress missing(Instant now) {
    Instant since = absentSince == null ? now : absentSince;
    return new DeliveryProgress(
        DeliveryState.RECEIVED, attempts, fence, null, now.plus(pause(attempts)), since);
  }

  /** True if there is no point in another attempt. */
  boolean isGivenUp(Instant now) {
    return failingSince != null && !failingSince.plus(PATIENCE).isAfter(now);
  }

  /** True if what it names will not come any more. */
  boolean isGivenUpAsAbsent(Instant now) {
    return absentSince != null && !absentSince.plus(PATIENCE_WITH_ABSENCE).isAfter(now);
  }

  /** From the start; who still works on it is refused. */
  DeliveryProgress replayed() {
    return new DeliveryProgress(DeliveryState.RECEIVED, 0, fence, null, null, null);
  }

  /**
   * True if the deliveries behind it wait during its pause: for the first 35 seconds, as most
   * troubles are short and the order of commits is worth that much; later they go past it. None
   * wait for what the repository does not have, as after a forced push.
   */
  boolean keepsItsPlace() {
    return absentSince == null && attempts <= ATTEMPTS_IN_PLACE;
  }

  /** How long to wait after so many attempts: 5 seconds, doubling up to 10 minutes. */
  static Duration pause(int attempts) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < attempts && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
