package dev.pipewright.standalone.shape;

import dev.pipewright.dsl.definition.Word;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.engine.plan.PlannedStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A pipeline as something that can be compared.
 *
 * @param name its name
 * @param facets what is said of all of it, by name
 * @param steps every step with a name, in the order of the plan
 */
public record PipelineShape(String name, Map<String, String> facets, List<StepShape> steps) {

  /** The shape of a pipeline. */
  public static PipelineShape of(Planned planned) {
    Walk walk = new Walk();
    walk.sequence(planned.steps(), new Around("", List.of(), Set.of(), Set.of()));
    return new PipelineShape(
        planned.plan().pipeline().value(), Facets.of(planned.pipeline()), List.copyOf(walk.found));
  }

  /** True if pull requests may start it. */
  boolean takesPullRequests() {
    return List.of(facets.getOrDefault("started by", "").split(", ", -1)).stream()
        .anyMatch(trigger -> trigger.startsWith(Facets.PULL_REQUESTS));
  }

  /** What is around a step. */
  private record Around(
      String parent, List<String> place, Set<String> approvals, Set<String> branches) {
    Around inside(String word) {
      List<String> longer = new ArrayList<>(place);
      longer.add(word);
      return new Around(parent, longer, approvals, branches);
    }

    Around below(String path) {
      return new Around(path, List.of(), approvals, branches);
    }

    Around after(Set<String> given) {
      Set<String> all = new LinkedHashSet<>(approvals);
      all.addAll(given);
      return new Around(parent, place, all, branches);
    }

    Around onBranch(String pattern) {
      Set<String> all = new TreeSet<>(branches);
      all.add(pattern);
      return new Around(parent, place, approvals, all);
    }
  }

  private static final class Walk {
    private final List<StepShape> found = new ArrayList<>();

    void sequence(List<PlannedStep> steps, Around around) {
      Around now = around;
      for (PlannedStep step : steps) {
        step(step, now);
        now = now.after(certain(step));
      }
    }

    private void step(PlannedStep step, Around around) {
      Word word = step.node().word();
      Around inside =
          step.path() == null
              ? around.inside(Facets.inWords(word, step.node().modifiers()))
              : around.below(step.path().value());
      if (step.path() != null) {
        found.add(shape(step, around));
      }
      if (word instanceof Word.OnBranch onBranch) {
        inside = inside.onBranch(onBranch.pattern());
      }
      if (isSequence(word)) {
        sequence(step.steps(), inside);
      } else {
        for (PlannedStep child : step.steps()) {
          step(child, inside);
        }
      }
      sequence(step.onFailure(), beside(step, around, "onFailure"));
      sequence(step.ensure(), beside(step, around, "ensure"));
    }

    private static Around beside(PlannedStep step, Around around, String role) {
      Around own = step.path() == null ? around : around.below(step.path().value());
      return own.inside(role);
    }

    private static StepShape shape(PlannedStep step, Around around) {
      Word word = step.node().word();
      Map<String, String> facets = Facets.of(word, step.node().modifiers());
      String secrets = facets.getOrDefault(Facets.SECRETS, "");
      return new StepShape(
          Objects.requireNonNull(step.path()).value(),
          around.parent(),
          word.keyword(),
          around.place(),
          facets,
          secrets.isEmpty() ? Set.of() : new TreeSet<>(List.of(secrets.split(", ", -1))),
          around.approvals(),
          around.branches(),
          word instanceof Word.Code || word instanceof Word.Expand);
    }

    private static boolean isSequence(Word word) {
      return switch (word) {
        case Word.Stage _, Word.OnlyIf _, Word.OnBranch _, Word.WithLock _ -> true;
        case Word.WithCheckout _ -> true;
        case Word.InParallel _, Word.AnyOf _, Word.Choose _ -> false;
        case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _ -> false;
        case Word.Expand _, Word.Approval _, Word.Downstream _ -> false;
      };
    }

    /** The approvals that have been given whenever what follows this step begins. */
    private static Set<String> certain(PlannedStep step) {
      if (step.node().modifiers().allowFailure()) {
        return Set.of();
      }
      return switch (step.node().word()) {
        case Word.Approval _ -> Set.of(Objects.requireNonNull(step.path()).value());
        case Word.Stage _, Word.InParallel _, Word.WithLock _, Word.WithCheckout _ -> {
          Set<String> all = new LinkedHashSet<>();
          step.steps().forEach(child -> all.addAll(certain(child)));
          yield all;
        }
        case Word.AnyOf _, Word.Choose _, Word.OnlyIf _, Word.OnBranch _ -> Set.of();
        case Word.Checkout _, Word.Shell _, Word.Exec _, Word.Code _ -> Set.of();
        case Word.Expand _, Word.Downstream _ -> Set.of();
      };
    }
  }
}
