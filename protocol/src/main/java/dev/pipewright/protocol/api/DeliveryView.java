package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as the API shows it. {@code state} is RECEIVED, PLANNED or DONE; {@code problem} says
 * why a change led to no run.
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
    String state,
    @Nullable String problem) {
  public DeliveryView {
    changes = List.copyOf(changes);
    runs = List.copyOf(runs);
  }
}
