package dev.pipewright.engine.history;

import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How a launch begins: what it tells first, and what it knows then.
 *
 * @param events what is told before the first step
 * @param history what is known of the attempt, these events included
 * @param isContinued whether an engine before this one was in the same attempt
 */
public record Opening(List<RunEvent> events, History history, boolean isContinued) {
  public Opening {
    events = List.copyOf(events);
  }

  /** The first attempt of a run. */
  public static Opening first(String engine) {
    return new Opening(List.of(new RunEvent.RunStarted(engine)), History.NONE, false);
  }

  /** Another launch of the attempt {@code history} tells of. */
  public static Opening resumed(String engine, History history) {
    return new Opening(List.of(new RunEvent.RunResumed(engine)), history, true);
  }

  /**
   * A further attempt.
   *
   * @param started how it begins
   * @param retold what it takes over from earlier ones
   * @param now when it begins
   */
  public static Opening again(RunEvent.RunStarted started, List<RunEvent> retold, Instant now) {
    List<RunEvent> events = new ArrayList<>();
    events.add(started);
    events.addAll(retold);
    List<EventEnvelope> envelopes = new ArrayList<>();
    events.forEach(event -> envelopes.add(new EventEnvelope(envelopes.size() + 1, now, event)));
    return new Opening(events, History.of(envelopes), false);
  }
}
