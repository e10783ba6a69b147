package dev.pipewright.test;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.test.play.Play;
import dev.pipewright.test.play.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The steps of a pipeline by their paths. */
final class Steps {
  private Steps() {}

  /** The path, if there is such a step, or may be once steps become known in the run. */
  static String known(Scenario scenario, String path) {
    Planned planned = Play.read(scenario);
    List<String> paths = new ArrayList<>();
    List<StepPath> growing = new ArrayList<>();
    each(
        planned,
        step -> {
          StepPath own = step.path();
          if (own != null) {
            paths.add(own.value());
            if (step.node().word() instanceof Word.Expand) {
              growing.add(own);
            }
          }
        });
    boolean later = growing.stream().anyMatch(expand -> path.startsWith(expand.value() + "/"));
    if (!later && !paths.contains(path)) {
      throw new IllegalArgumentException(
          "There is no step '%s'. There is '%s'.".formatted(path, String.join("', '", paths)));
    }
    return path;
  }

  /** Visits every step, containers before what they contain. */
  static void each(Planned planned, Consumer<PlannedStep> visitor) {
    planned.steps().forEach(step -> step.visit(visitor));
  }
}
