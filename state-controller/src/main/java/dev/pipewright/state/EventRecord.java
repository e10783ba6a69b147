package dev.pipewright.state;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.event.EventEnvelope;
import java.util.List;

/** One stored batch of events of one launch. */
public record EventRecord(long fence, List<EventEnvelope> events) {

  public EventRecord {
    events = List.copyOf(events);
  }

  /** The id of the batch with this number, counted from 0 within its launch. */
  static String id(RunId run, long fence, int batch) {
    return "%s|%04d|%06d".formatted(run, fence, batch);
  }
}
