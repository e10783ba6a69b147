package dev.pipewright.spawner.queue;

import dev.pipewright.protocol.api.LaunchEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Our own decision to end a unit, and how it will be reported. */
sealed interface Order {

  /** How long its processes have to end by themselves. */
  Duration grace();

  /** The run is to end: cancelled, too long, or over without its engine noticing. */
  record End(LaunchEnd.Kind kind, String reason, Duration grace, LaunchEnd.@Nullable Limit limit)
      implements Order {
    End(LaunchEnd.Kind kind, String reason, Duration grace) {
      this(kind, reason, grace, null);
    }
  }

  /** The run belongs to a newer launch: the unit goes, nothing is reported. */
  record Fenced() implements Order {
    @Override
    public Duration grace() {
      return Duration.ZERO;
    }
  }
}
