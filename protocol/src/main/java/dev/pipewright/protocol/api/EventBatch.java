package dev.pipewright.protocol.api;

import dev.pipewright.protocol.event.EventEnvelope;
import java.util.List;

/** Events of one launch in order; events already stored are passed over. */
public record EventBatch(long fence, List<EventEnvelope> events) {
  public EventBatch {
    events = List.copyOf(events);
  }
}
