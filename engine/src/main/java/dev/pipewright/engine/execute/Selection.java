package dev.pipewright.engine.execute;

import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a pipeline are wanted: all, or one with everything in it. Immutable.
 *
 * @param only the wanted step; null for all
 */
public record Selection(@Nullable StepPath only) {
  /** Every step. */
  public static final Selection ALL = new Selection(null);

  boolean isAll() {
    return only == null;
  }

  /** True if the step, something in it, or something around it is wanted. */
  public boolean includes(PlannedStep step) {
    if (only == null) {
      return true;
    }
    boolean[] found = {false};
    step.visit(
        each -> {
          StepPath path = each.path();
          found[0] |= path != null && (path.equals(only) || only.contains(path));
        });
    return found[0];
  }
}
