package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as the API shows it.
 *
 * @param runs what it has led to so far
 * @param problem why a change led to no run, or what the last try met with
 * @param attempts how often a Spawner has taken it since it came or was replayed
 * @param nextAttemptAt when it is tried again; null if nothing delays it
 */
public record DeliveryView(
    String id,
    SourceName source,
    String event,
    Verdict verdict,
    String reason,
    List<RefChange> changes,
    List<RunId> runs,
    Instant receivedAt,
    DeliveryState state,
    @Nullable String problem,
    int attempts,
    @Nullable Instant nextAttemptAt) {
  public DeliveryView {
    changes = List.copyOf(changes);
    runs = List.copyOf(runs);
  }
}
