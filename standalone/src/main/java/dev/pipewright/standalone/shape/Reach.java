package dev.pipewright.standalone.shape;

import dev.pipewright.standalone.shape.PipelineComparison.ApprovalGone;
import dev.pipewright.standalone.shape.PipelineComparison.SecretReach;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a change lets happen that could not happen before. Pure. */
record Reach(
    PipelineShape old,
    PipelineShape now,
    Map<String, StepShape> oldSteps,
    Map<String, String> origins) {

  /** Every step that may see a secret it could not see, or sees it with less in its way. */
  List<SecretReach> secrets() {
    List<SecretReach> found = new ArrayList<>();
    for (StepShape step : now.steps()) {
      @Nullable StepShape before = before(step);
      for (String secret : step.secrets()) {
        boolean added = before == null || !before.secrets().contains(secret);
        List<String> because = before == null ? List.of("the step is new") : because(before, step);
        if (added && before != null) {
          List<String> all = new ArrayList<>(List.of("the step asks for it now"));
          all.addAll(because);
          because = all;
        }
        if (!because.isEmpty()) {
          found.add(new SecretReach(secret, step.path(), added, because));
        }
      }
    }
    return found;
  }

  private @Nullable StepShape before(StepShape step) {
    return oldSteps.get(origins.getOrDefault(step.path(), step.path()));
  }

  private List<String> because(StepShape before, StepShape step) {
    List<String> because = new ArrayList<>();
    if (!before.path().equals(step.path())) {
      because.add("the step was " + before.path());
    }
    for (String what : List.of(Facets.COMMAND, "image", "services", "env")) {
      if (!before.facets().getOrDefault(what, "").equals(step.facets().getOrDefault(what, ""))) {
        because.add("its " + what + " changed");
      }
    }
    if (!before.kind().equals(step.kind())) {
      because.add("it was " + before.kind() + " and is " + step.kind());
    }
    lost(before.approvals(), step.approvals())
        .forEach(each -> because.add("the approval " + each + " no longer comes before it"));
    lost(before.branches(), step.branches())
        .forEach(each -> because.add("it is no longer bound to the branch " + each));
    if (now.takesPullRequests() && !old.takesPullRequests()) {
      because.add("pull requests may start the pipeline now");
    }
    return because;
  }

  private static List<String> lost(Set<String> before, Set<String> after) {
    return before.stream().filter(each -> !after.contains(each)).toList();
  }

  /** Every approval that is gone, or that some step in both versions no longer waits for. */
  List<ApprovalGone> approvals(Set<String> paths) {
    Map<String, Set<String>> gone = new TreeMap<>();
    for (StepShape step : old.steps()) {
      if (step.kind().equals("approval")
          && !paths.contains(step.path())
          && !origins.containsValue(step.path())) {
        gone.put(step.path(), new LinkedHashSet<>());
      }
    }
    for (StepShape step : now.steps()) {
      @Nullable StepShape before = before(step);
      if (before != null) {
        for (String approval : lost(before.approvals(), step.approvals())) {
          if (!movedInto(approval, step.approvals())) {
            gone.computeIfAbsent(approval, _ -> new LinkedHashSet<>()).add(step.path());
          }
        }
      }
    }
    List<ApprovalGone> found = new ArrayList<>();
    gone.forEach(
        (approval, steps) ->
            found.add(new ApprovalGone(approval, !paths.contains(approval), List.copyOf(steps))));
    return found;
  }

  /** True if the approval stands elsewhere now and still comes before. */
  private boolean movedInto(String approval, Set<String> approvals) {
    return origins.entrySet().stream()
        .anyMatch(move -> move.getValue().equals(approval) && approvals.contains(move.getKey()));
  }
}
