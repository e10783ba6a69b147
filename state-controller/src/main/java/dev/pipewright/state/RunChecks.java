package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.state.RunAttempt.Expansion;
import dev.pipewright.state.RunAttempt.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a writer must fulfil before anything of a run is changed. Pure. */
final class RunChecks {
  /** What a step, an artifact or a note takes beside its texts. */
  static final int ENTRY = 100;

  private static final int MOST_STEPS = 2_000;

  private static final long HEAVIEST = 4_000_000;
  private static final Duration SKEW = Duration.ofMinutes(1);

  private RunChecks() {}

  /** Throws FENCED unless the launch {@code fence} has the run: only that one may write. */
  static void launch(RunRecord run, long fence) {
    fence(run, fence);
    if (!run.isLaunched()) {
      throw new ApiException(
          Problem.Code.FENCED,
          "The run %s was taken from launch %d.".formatted(run.id(), fence),
          "Stop: nothing of this launch is stored any more.");
    }
  }

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

  /** Throws TOO_LARGE if a plan has more steps than a run may have. */
  static void size(Plan plan) {
    size(plan.addressedSteps().size());
  }

  private static void size(int steps) {
    if (steps > MOST_STEPS) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "A run has at most %,d steps, not %,d.".formatted(MOST_STEPS, steps),
          "Make fewer steps, or split the pipeline.");
    }
  }

  /** Throws TOO_LARGE if an engine told more of its run than its record can hold. */
  static void weight(Collection<StepSnapshot> steps, Told told) {
    size(steps.size());
    long characters = told.noted();
    for (StepSnapshot step : steps) {
      characters += ENTRY + step.path().value().length() + length(step.reason());
      for (Artifact artifact : step.artifacts()) {
        characters += ENTRY + artifact.path().length();
      }
    }
    for (OpenWait wait : told.waits()) {
      characters += ENTRY + wait.key().length() + wait.what().toString().length();
    }
    for (Expansion expansion : told.expansions()) {
      characters += weight(expansion.steps());
    }
    if (characters > HEAVIEST) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "The steps of a run, their reasons, artifacts, waits and notes have at most %,d characters."
              .formatted(HEAVIEST),
          "Make fewer steps, keep fewer files, or give shorter reasons.");
    }
  }

  private static long weight(List<PlanStep> steps) {
    long characters = 0;
    for (PlanStep step : steps) {
      characters += ENTRY + step.detail().length() + step.location().length();
      characters += step.path() == null ? 0 : step.path().value().length();
      characters += weight(RunPlans.inside(step).toList());
    }
    return characters;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
