package dev.pipewright.engine.execute;

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
  static final Ending SUCCEEDED = new Ending(Outcome.SUCCEEDED, null);

  /** One step of a container and how it ended. */
  record Of(PlannedStep step, Ending ending) {
    Outcome counted() {
      return Folding.counted(ending.outcome(), step.node().modifiers().allowFailure());
    }
  }

  static Ending failed(String reason) {
    return new Ending(Outcome.FAILED, reason);
  }

  static Ending errored(String reason) {
    return new Ending(Outcome.ERRORED, reason);
  }

  static Ending cancelled(@Nullable String reason) {
    return new Ending(Outcome.CANCELLED, reason);
  }

  static Ending skipped(String reason) {
    return new Ending(Outcome.SKIPPED, reason);
  }

  /** True unless the step was cancelled, skipped or succeeded. */
  boolean isBroken() {
    return outcome.isBroken();
  }

  /** The ending of what holds these steps, by the folding rule; the reason names the culprit. */
  static Ending fold(List<Of> children) {
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
