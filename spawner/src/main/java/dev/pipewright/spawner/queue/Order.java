package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.api.LaunchEnd;
import java.time.Duration;

/** Our own decision to end a unit, and how it will be reported. */
sealed interface Order {

  /** How long its processes have to end by themselves. */
  Duration grace();

  /** The run is to end: cancelled, too long, or over without its engine noticing. */
  record End(LaunchEnd.Kind kind, String reason, Duration grace) implements Order {}

  /** The run belongs to a newer launch: the unit goes, nothing is reported. */
  record Fenced() implements Order {
    @Override
    public Duration grace() {
      return Duration.ZERO;
    }
  }
}
