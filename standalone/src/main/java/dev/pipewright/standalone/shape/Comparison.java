package dev.pipewright.standalone.shape;

import dev.pipewright.standalone.shape.PipelineComparison.Change;
import dev.pipewright.standalone.shape.PipelineComparison.Kind;
import dev.pipewright.standalone.shape.PipelineComparison.Move;
import dev.pipewright.standalone.shape.PipelineComparison.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares two versions of pipelines. Steps are the same if their paths are. Pure. */
public final class Comparison {
  private Comparison() {}

  /** Compares all pipelines, by name. */
  public static List<PipelineComparison> of(List<PipelineShape> before, List<PipelineShape> after) {
    Map<String, @Nullable PipelineShape> old = new TreeMap<>();
    before.forEach(shape -> old.put(shape.name(), shape));
    Map<String, PipelineShape> now = new TreeMap<>();
    after.forEach(shape -> now.put(shape.name(), shape));
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    return names.stream().map(name -> of(name, old.get(name), now.get(name))).toList();
  }

  private static PipelineComparison of(
      String name, @Nullable PipelineShape before, @Nullable PipelineShape after) {
    PipelineShape nothing = new PipelineShape(name, Map.of(), List.of());
    PipelineShape old = Objects.requireNonNullElse(before, nothing);
    PipelineShape now = Objects.requireNonNullElse(after, nothing);
    Map<String, StepShape> oldSteps = byPath(old);
    Map<String, StepShape> newSteps = byPath(now);
    List<StepShape> gone = without(old.steps(), newSteps.keySet());
    List<StepShape> fresh = without(now.steps(), oldSteps.keySet());
    List<Move> moved = new ArrayList<>();
    Map<String, String> origins = Moves.elsewhere(gone, fresh);
    origins.forEach((to, from) -> moved.add(new Move(to, from, to)));
    gone.removeIf(step -> origins.containsValue(step.path()));
    fresh.removeIf(step -> origins.containsKey(step.path()));
    moved.addAll(Moves.reordered(old.steps(), now.steps()));
    Changes changes = new Changes(old, now, oldSteps, origins);
    PipelineComparison compared =
        new PipelineComparison(
            name,
            before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED,
            new Reach(old, now, oldSteps, origins).secrets(),
            new Reach(old, now, oldSteps, origins).approvals(newSteps.keySet()),
            before == null || after == null ? List.of() : facets("", old.facets(), now.facets()),
            fresh.stream().map(Comparison::line).toList(),
            gone.stream().map(Comparison::line).toList(),
            moved,
            changes.all());
    return isEmpty(compared) ? same(name) : compared;
  }

  private static boolean isEmpty(PipelineComparison compared) {
    return compared.kind() == Kind.CHANGED
        && compared.secrets().isEmpty()
        && compared.approvals().isEmpty()
        && compared.settings().isEmpty()
        && compared.added().isEmpty()
        && compared.removed().isEmpty()
        && compared.moved().isEmpty()
        && compared.changed().isEmpty();
  }

  private static PipelineComparison same(String name) {
    return new PipelineComparison(
        name, Kind.SAME, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        List.of());
  }

  private static Map<String, StepShape> byPath(PipelineShape shape) {
    Map<String, StepShape> steps = new LinkedHashMap<>();
    shape.steps().forEach(step -> steps.put(step.path(), step));
    return steps;
  }

  private static List<StepShape> without(List<StepShape> steps, Set<String> paths) {
    List<StepShape> rest = new ArrayList<>(steps);
    rest.removeIf(step -> paths.contains(step.path()));
    return rest;
  }

  private static Step line(StepShape step) {
    return new Step(step.path(), step.kind(), step.facets().getOrDefault(Facets.COMMAND, ""));
  }

  /** What is said otherwise. */
  static List<Change> facets(String of, Map<String, String> before, Map<String, String> after) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      String old = before.getOrDefault(name, "");
      String now = after.getOrDefault(name, "");
      if (!old.equals(now)) {
        changes.add(new Change(of, name, old, now));
      }
    }
    return changes;
  }

  /** What changed of steps that are in both versions. */
  private record Changes(
      PipelineShape old,
      PipelineShape now,
      Map<String, StepShape> oldSteps,
      Map<String, String> origins) {
    List<Change> all() {
      List<Change> changes = new ArrayList<>();
      for (StepShape step : now.steps()) {
        StepShape before = oldSteps.get(origins.getOrDefault(step.path(), step.path()));
        if (before != null) {
          if (!before.kind().equals(step.kind())) {
            changes.add(new Change(step.path(), "kind", before.kind(), step.kind()));
          }
          changes.addAll(facets(step.path(), before.facets(), step.facets()));
          if (!before.place().equals(step.place())) {
            changes.add(
                new Change(step.path(), "inside", place(before.place()), place(step.place())));
          }
        }
      }
      return changes;
    }

    private static String place(List<String> words) {
      return String.join(" > ", words);
    }
  }
}
