package dev.pipewright.engine.work;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.run.Folding;
import dev.pipewright.protocol.run.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step or a run ended.
 *
 * @param outcome the outcome
 * @param reason why, in words; null where the outcome says it all
 */
public record Ending(Outcome outcome, @Nullable String reason) {
  /** The work was done. */
  public static final Ending SUCCEEDED = new Ending(Outcome.SUCCEEDED, null);

  /** One step of a container and how it ended. */
  public record Of(PlannedStep step, Ending ending) {
    /** What the ending counts as in the container. */
    public Outcome counted() {
      return Folding.counted(ending.outcome(), step.node().modifiers().allowFailure());
    }
  }

  /** The work said no. */
  public static Ending failed(String reason) {
    return new Ending(Outcome.FAILED, reason);
  }

  /** The work could not be done. */
  public static Ending errored(String reason) {
    return new Ending(Outcome.ERRORED, reason);
  }

  /** The work was ended before its end. */
  public static Ending cancelled(@Nullable String reason) {
    return new Ending(Outcome.CANCELLED, reason);
  }

  /** The work was not wanted. */
  public static Ending skipped(String reason) {
    return new Ending(Outcome.SKIPPED, reason);
  }

  /** True unless the step was cancelled, skipped or succeeded. */
  public boolean isBroken() {
    return outcome.isBroken();
  }

  /** The worse of this and another ending; this one if they are equally bad. */
  public Ending orWorse(Ending other) {
    Outcome worse = Folding.worse(outcome, other.outcome);
    return worse == outcome || other.outcome == Outcome.SUCCEEDED ? this : other;
  }

  /** The ending of what holds these steps, by the folding rule; the reason names the culprit. */
  public static Ending fold(List<Of> children) {
    Ending folded = SUCCEEDED;
    for (Of child : children) {
      Outcome worse = Folding.worse(folded.outcome(), child.counted());
      if (worse != folded.outcome()) {
        String why = child.ending().reason();
        String name = child.step().shownName();
        folded = new Ending(worse, why == null ? name : name + ": " + why);
      }
    }
    return folded;
  }
}
