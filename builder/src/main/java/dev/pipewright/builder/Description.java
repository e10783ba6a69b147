package dev.pipewright.builder;

import dev.pipewright.builder.image.RuntimeImages;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.api.DescribeResult;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What pipeline code says of itself. It was made by a user's code, so nothing of it is believed.
 */
final class Description {
  static final int SIZE_LIMIT = 8 * 1024 * 1024;

  private static final int PLANS = 100;
  private static final int STEPS = 5_000;

  private Description() {}

  /**
   * Reads and checks a description.
   *
   * @throws CodeRejectedException if it is not a description or says what is not allowed
   */
  static List<Plan> plans(byte[] json) {
    try {
      List<Plan> plans = Json.read(json, DescribeResult.class).plans();
      check(plans);
      return plans;
    } catch (ProtocolException | NullPointerException e) {
      throw new CodeRejectedException(
          "What the pipelines say of themselves cannot be read: " + e.getMessage());
    }
  }

  private static void check(List<Plan> plans) {
    if (plans.isEmpty()) {
      throw new CodeRejectedException(
          "No class implements PipelineDefinition. Add one, or remove the folder.");
    }
    if (plans.size() > PLANS) {
      throw new CodeRejectedException(
          "There are %d pipelines; a source can have %d.".formatted(plans.size(), PLANS));
    }
    Set<PipelineName> names = new HashSet<>();
    int steps = 0;
    for (Plan plan : plans) {
      if (!names.add(plan.pipeline())) {
        throw new CodeRejectedException(
            "Two pipelines are named '" + plan.pipeline() + "'. Rename one of them.");
      }
      checkNames(plan);
      steps += count(plan.steps());
    }
    if (steps > STEPS) {
      throw new CodeRejectedException(
          "The pipelines have %,d steps together; %,d are allowed.".formatted(steps, STEPS));
    }
  }

  private static void checkNames(Plan plan) {
    if (plan.pipeline().isCode()) {
      throw new CodeRejectedException(
          "The name '" + plan.pipeline() + "' is reserved. Rename the pipeline.");
    }
    @Nullable String image = plan.image();
    if (image != null && !RuntimeImages.isReference(image)) {
      throw new CodeRejectedException(
          "The image of the pipeline '%s' is not the name of an image.".formatted(plan.pipeline()));
    }
  }

  private static int count(List<PlanStep> steps) {
    int count = 0;
    for (PlanStep step : steps) {
      count += 1 + count(step.steps()) + count(step.onFailure()) + count(step.ensure());
    }
    return count;
  }
}
