package dev.pipewright.engine.plan;

import dev.pipewright.dsl.definition.StepNode;
import dev.pipewright.protocol.StepPath;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A step with its path and with the planned steps it holds, ready to be executed. Immutable.
 *
 * @param node what was written
 * @param key its address, which every node has: the names of what holds it and its own, joined by
 *     slashes; a node without a name counts as {@code /} and its place among its siblings
 * @param path its address; null for containers that add no name
 * @param steps what it contains, in order
 * @param onFailure what runs when it did not succeed
 * @param ensure what runs in any case
 */
public record PlannedStep(
    StepNode node,
    String key,
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

  /** Everything directly in it: its steps, and what runs after it. */
  public Stream<PlannedStep> inside() {
    return Stream.of(steps, onFailure, ensure).flatMap(List::stream);
  }

  /** Visits this step and every step in it, containers before what they contain. */
  public void visit(Consumer<PlannedStep> visitor) {
    visitor.accept(this);
    inside().forEach(step -> step.visit(visitor));
  }

  /** The outermost steps with a path in its steps; itself and what runs after it is left out. */
  public List<StepPath> outermostPaths() {
    return steps.stream().flatMap(step -> step.outermost().stream()).toList();
  }

  /** Its path, or the outermost paths in it if it has none. */
  public List<StepPath> outermost() {
    return path == null
        ? inside().flatMap(step -> step.outermost().stream()).toList()
        : List.of(path);
  }
}
