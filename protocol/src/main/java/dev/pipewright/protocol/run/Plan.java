package dev.pipewright.protocol.run;

import dev.pipewright.protocol.PipelineName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The serialisable shape of one version of a pipeline: names, paths and triggers, no code.
 *
 * @param pipeline the pipeline's name
 * @param definition binary name of the class that defines it
 * @param triggers what may start it
 * @param image the base image its runs ask for; null for the server's default
 * @param steps its steps, in order
 * @param concurrency how its runs stand to each other
 * @param resources how much their containers ask for; null for as much as the server allows
 */
public record Plan(
    PipelineName pipeline,
    String definition,
    List<TriggerSpec> triggers,
    @Nullable String image,
    List<PlanStep> steps,
    Concurrency concurrency,
    @Nullable Resources resources) {

  public Plan {
    triggers = List.copyOf(triggers);
    steps = List.copyOf(steps);
    concurrency = concurrency == null ? Concurrency.UNLIMITED : concurrency;
  }

  /** A pipeline whose runs ask for nothing. */
  public Plan(
      PipelineName pipeline,
      String definition,
      List<TriggerSpec> triggers,
      @Nullable String image,
      List<PlanStep> steps,
      Concurrency concurrency) {
    this(pipeline, definition, triggers, image, steps, concurrency, null);
  }

  /** A pipeline of which any number of runs may be under way. */
  public Plan(
      PipelineName pipeline,
      String definition,
      List<TriggerSpec> triggers,
      @Nullable String image,
      List<PlanStep> steps) {
    this(pipeline, definition, triggers, image, steps, Concurrency.UNLIMITED);
  }

  /** Every node that has a path, in the order of the plan: a step before what it contains. */
  public List<PlanStep> addressedSteps() {
    List<PlanStep> found = new ArrayList<>();
    steps.forEach(
        step ->
            visit(
                step,
                node -> {
                  if (node.path() != null) {
                    found.add(node);
                  }
                }));
    return found;
  }

  private static void visit(PlanStep step, Consumer<PlanStep> visitor) {
    visitor.accept(step);
    step.steps().forEach(child -> visit(child, visitor));
    step.onFailure().forEach(child -> visit(child, visitor));
    step.ensure().forEach(child -> visit(child, visitor));
  }
}
