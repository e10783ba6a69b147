package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.StepSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What a writer must fulfil before anything of a run is changed. Pure. */
final class RunChecks {
  /** What a step or an artifact takes beside its texts. */
  private static final int STEP = 100;

  private static final long HEAVIEST = 4_000_000;
  private static final Duration SKEW = Duration.ofMinutes(1);

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

  /**
   * The events at times that can be: those far in the future happened {@code now}, those long
   * before the run was queued happened then. What an engine says is not believed, and everything
   * that reckons with its times relies on them.
   */
  static List<EventEnvelope> timed(RunRecord run, List<EventEnvelope> events, Instant now) {
    Instant first = run.queuedAt().minus(SKEW);
    Instant last = now.plus(SKEW);
    return events.stream()
        .map(
            event -> {
              Instant at = event.at();
              Instant possible = at.isAfter(last) ? now : at.isBefore(first) ? run.queuedAt() : at;
              return possible.equals(at)
                  ? event
                  : new EventEnvelope(event.seq(), possible, event.event());
            })
        .toList();
  }

  /** Throws TOO_LARGE if an engine told more of its steps than the record of a run can hold. */
  static void weight(Collection<StepSnapshot> steps) {
    long characters = 0;
    for (StepSnapshot step : steps) {
      String reason = step.reason();
      characters += STEP + step.path().value().length() + (reason == null ? 0 : reason.length());
      for (Artifact artifact : step.artifacts()) {
        characters += STEP + artifact.path().length();
      }
    }
    if (characters > HEAVIEST) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "The steps of a run, their reasons and their artifacts have at most %,d characters."
              .formatted(HEAVIEST),
          "Make fewer steps, keep fewer files, or give shorter reasons.");
    }
  }
}
