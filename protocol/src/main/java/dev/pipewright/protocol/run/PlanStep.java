package dev.pipewright.protocol.run;

import dev.pipewright.protocol.StepPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node of a plan.
 *
 * @param kind the word of the language that made it, such as {@code sh} or {@code inParallel}
 * @param path its address; null for containers that add no name
 * @param detail a short text for people, such as the command or the branch pattern; may be empty
 * @param location file and line of the call that made it, such as {@code ShopPipeline.java:27}
 * @param allowFailure whether its failure counts as success in what contains it
 * @param timeoutSeconds the limit of one attempt; null for none
 * @param attempts how often it is tried at the most
 * @param steps what it contains, in order
 * @param onFailure what runs when it did not succeed
 * @param ensure what runs in any case
 * @param needs what it asks of its surroundings
 */
public record PlanStep(
    String kind,
    @Nullable StepPath path,
    String detail,
    String location,
    boolean allowFailure,
    @Nullable Long timeoutSeconds,
    int attempts,
    List<PlanStep> steps,
    List<PlanStep> onFailure,
    List<PlanStep> ensure,
    StepNeeds needs) {

  public PlanStep {
    steps = List.copyOf(steps);
    onFailure = List.copyOf(onFailure);
    ensure = List.copyOf(ensure);
    needs = needs == null ? StepNeeds.NONE : needs;
  }

  /** A step that asks for nothing. */
  public PlanStep(
      String kind,
      @Nullable StepPath path,
      String detail,
      String location,
      boolean allowFailure,
      @Nullable Long timeoutSeconds,
      int attempts,
      List<PlanStep> steps,
      List<PlanStep> onFailure,
      List<PlanStep> ensure) {
    this(
        kind,
        path,
        detail,
        location,
        allowFailure,
        timeoutSeconds,
        attempts,
        steps,
        onFailure,
        ensure,
        StepNeeds.NONE);
  }
}
