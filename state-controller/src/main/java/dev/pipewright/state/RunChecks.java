package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import java.util.List;

/** What a writer must fulfil before anything of a run is changed. Pure. */
final class RunChecks {
  private RunChecks() {}

  /** Throws FENCED unless {@code fence} is that of the last claim. */
  static void fence(RunRecord run, long fence) {
    if (fence != run.fence()) {
      throw new ApiException(
          Problem.Code.FENCED,
          "Launch %d of %s was replaced by launch %d.".formatted(fence, run.id(), run.fence()),
          "Stop: nothing of this launch is stored any more.");
    }
  }

  /**
   * The events that are not stored yet.
   *
   * @throws ApiException CONFLICT if some are missing before them, or if the run is over
   */
  static List<EventEnvelope> fresh(RunRecord run, List<EventEnvelope> events) {
    List<EventEnvelope> fresh =
        events.stream().filter(event -> event.seq() > run.lastSeq()).toList();
    if (fresh.isEmpty()) {
      return fresh;
    }
    if (run.over()) {
      throw new ApiException(
          Problem.Code.CONFLICT, "The run " + run.id() + " is finished; nothing follows.");
    }
    long expected = run.lastSeq() + 1;
    for (EventEnvelope event : fresh) {
      if (event.seq() != expected) {
        throw new ApiException(
            Problem.Code.CONFLICT,
            "Event %d of %s came, but %d is the next.".formatted(event.seq(), run.id(), expected),
            "Send the events from " + (run.lastSeq() + 1) + " on, in order.");
      }
      expected++;
    }
    return fresh;
  }
}
