package dev.pipewright.standalone.shape;

import dev.pipewright.standalone.shape.PipelineComparison.Move;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds steps that are the same in two versions but stand elsewhere. Pure. */
final class Moves {
  private Moves() {}

  /**
   * Steps that are gone at one path and new at another, with the same name and command: the new
   * path and the old one. A step that could have come from two places came from neither.
   */
  static Map<String, String> elsewhere(List<StepShape> gone, List<StepShape> fresh) {
    Map<String, String> moves = new LinkedHashMap<>();
    for (StepShape step : fresh) {
      List<StepShape> same = gone.stream().filter(each -> isSame(each, step)).toList();
      long rivals = fresh.stream().filter(each -> isSame(each, step)).count();
      if (same.size() == 1 && rivals == 1) {
        moves.put(step.path(), same.getFirst().path());
      }
    }
    return moves;
  }

  private static boolean isSame(StepShape one, StepShape other) {
    return one.name().equals(other.name())
        && one.kind().equals(other.kind())
        && one.facets()
            .getOrDefault(Facets.COMMAND, "")
            .equals(other.facets().getOrDefault(Facets.COMMAND, ""));
  }

  /** Steps at the same path that changed places with their neighbours; as few as explain it. */
  static List<Move> reordered(List<StepShape> before, List<StepShape> after) {
    Map<String, List<String>> old = children(before);
    List<Move> moves = new ArrayList<>();
    children(after)
        .forEach(
            (parent, now) -> {
              List<String> then = new ArrayList<>(old.getOrDefault(parent, List.of()));
              List<String> common = new ArrayList<>(now);
              common.retainAll(then);
              then.retainAll(common);
              List<String> kept = longestInOrder(then, common);
              for (String path : common) {
                if (!kept.contains(path)) {
                  moves.add(new Move(path, behind(then, path), behind(common, path)));
                }
              }
            });
    return moves;
  }

  private static String behind(List<String> order, String path) {
    int place = order.indexOf(path);
    return place == 0 ? "first" : "after " + order.get(place - 1);
  }

  private static Map<String, List<String>> children(List<StepShape> steps) {
    Map<String, List<String>> children = new LinkedHashMap<>();
    steps.forEach(
        step -> children.computeIfAbsent(step.parent(), _ -> new ArrayList<>()).add(step.path()));
    return children;
  }

  /** The longest sequence that stands in both lists in this order. */
  private static List<String> longestInOrder(List<String> one, List<String> other) {
    int[][] longest = new int[one.size() + 1][other.size() + 1];
    for (int i = one.size() - 1; i >= 0; i--) {
      for (int j = other.size() - 1; j >= 0; j--) {
        longest[i][j] =
            one.get(i).equals(other.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    List<String> kept = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < one.size() && j < other.size()) {
      if (one.get(i).equals(other.get(j))) {
        kept.add(one.get(i));
        i++;
        j++;
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    return kept;
  }
}
