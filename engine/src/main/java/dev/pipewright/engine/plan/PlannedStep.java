package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.protocol.StepPath;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A step with its path and with the planned steps it holds, ready to be executed. Immutable.
 *
 * @param node what was written
 * @param path its address; null for containers that add no name
 * @param steps what it contains, in order
 * @param onFailure what runs when it did not succeed
 * @param ensure what runs in any case
 */
public record PlannedStep(
    StepNode node,
    @Nullable StepPath path,
    List<PlannedStep> steps,
    List<PlannedStep> onFailure,
    List<PlannedStep> ensure) {

  public PlannedStep {
    steps = List.copyOf(steps);
    onFailure = List.copyOf(onFailure);
    ensure = List.copyOf(ensure);
  }

  /** Its innermost name, or its word where it has no name; for messages. */
  public String shownName() {
    return path == null ? node.word().keyword() : path.name();
  }

  /** Visits this step and every step in it, containers before what they contain. */
  public void visit(Consumer<PlannedStep> visitor) {
    visitor.accept(this);
    steps.forEach(step -> step.visit(visitor));
    onFailure.forEach(step -> step.visit(visitor));
    ensure.forEach(step -> step.visit(visitor));
  }
}
