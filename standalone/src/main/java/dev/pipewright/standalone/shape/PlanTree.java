package dev.pipewright.standalone.shape;

import dev.pipewright.dsl.definition.Modifiers;
import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pipeline as a tree of lines for people. Texts are as they were written: clean each line. */
public final class PlanTree {
  private PlanTree() {}

  /** The lines. */
  public static List<String> lines(Planned planned) {
    List<String> lines = new ArrayList<>();
    lines.add(planned.plan().pipeline() + "  (" + planned.plan().definition() + ")");
    Facets.of(planned.pipeline())
        .forEach((name, value) -> lines.add("  %-11s%s".formatted(name, value)));
    planned.steps().forEach(step -> add(step, "  ", "", lines));
    return lines;
  }

  private static void add(PlannedStep step, String indent, String mark, List<String> lines) {
    lines.add(indent + mark + line(step));
    String deeper = indent + "  ";
    step.steps().forEach(child -> add(child, deeper, "", lines));
    step.onFailure().forEach(child -> add(child, deeper, "on failure: ", lines));
    step.ensure().forEach(child -> add(child, deeper, "ensure: ", lines));
  }

  private static String line(PlannedStep step) {
    Word word = step.node().word();
    Modifiers modifiers = step.node().modifiers();
    Map<String, String> facets = new LinkedHashMap<>(Facets.of(word, modifiers));
    StringBuilder text = new StringBuilder(step.shownName());
    if (step.path() != null && word instanceof Word.Approval) {
      text.append("  (approval)");
    }
    String command = facets.remove(Facets.COMMAND);
    if (command != null) {
      text.append("  ").append(shortened(command));
    }
    facets.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            text.append("  ").append(shortened(Facets.named(name, value)));
          }
        });
    return text.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 79) + "…";
  }
}
