package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as the Spawner hands it over after it was verified and judged; it is stored before the
 * forge gets its answer.
 */
public record DeliveryReceipt(
    SourceName source,
    @Nullable String forgeId,
    String event,
    Verdict verdict,
    String reason,
    List<RefChange> changes) {
  public DeliveryReceipt {
    changes = List.copyOf(changes);
  }
}
