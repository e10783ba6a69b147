package dev.pipewright.standalone.shape;

import dev.pipewright.standalone.shape.PipelineComparison.ApprovalGone;
import dev.pipewright.standalone.shape.PipelineComparison.Change;
import dev.pipewright.standalone.shape.PipelineComparison.Kind;
import dev.pipewright.standalone.shape.PipelineComparison.Move;
import dev.pipewright.standalone.shape.PipelineComparison.SecretReach;
import dev.pipewright.standalone.shape.PipelineComparison.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison as lines for people, what is dangerous first. Texts are as they were written: clean
 * each line.
 */
public final class ComparisonTexts {
  private ComparisonTexts() {}

  /** The lines; none if nothing is different. */
  public static List<String> lines(PipelineComparison compared) {
    List<String> lines = new ArrayList<>();
    if (!compared.isDifferent()) {
      return lines;
    }
    lines.add(compared.pipeline() + kind(compared.kind()));
    compared.secrets().forEach(each -> lines.add("  ! " + line(each)));
    compared.approvals().forEach(each -> lines.add("  ! " + line(each)));
    compared.settings().forEach(each -> lines.add("  ~ " + each.what() + ": " + values(each)));
    compared.added().forEach(each -> lines.add("  + " + line(each)));
    compared.removed().forEach(each -> lines.add("  - " + line(each)));
    compared.moved().forEach(each -> lines.add("  > " + line(each)));
    compared
        .changed()
        .forEach(each -> lines.add("  ~ " + each.of() + "  " + each.what() + ": " + values(each)));
    return lines;
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case ADDED -> "  (new)";
      case REMOVED -> "  (gone)";
      case CHANGED, SAME -> "";
    };
  }

  private static String line(SecretReach reach) {
    return "secret %s %s %s: %s"
        .formatted(
            reach.secret(),
            reach.added() ? "becomes reachable by" : "is reachable otherwise by",
            reach.step(),
            String.join("; ", reach.because()));
  }

  private static String line(ApprovalGone gone) {
    String what =
        "approval %s %s".formatted(gone.approval(), gone.removed() ? "is gone" : "is still there");
    return gone.steps().isEmpty()
        ? what
        : what + "; it no longer comes before " + String.join(", ", gone.steps());
  }

  private static String line(Step step) {
    return step.step()
        + "  "
        + step.kind()
        + (step.command().isEmpty() ? "" : "  " + step.command());
  }

  private static String line(Move move) {
    return move.to().equals(move.step())
        ? move.step() + "  was " + move.from()
        : "%s  was %s and is %s".formatted(move.step(), move.from(), move.to());
  }

  private static String values(Change change) {
    return said(change.before()) + " -> " + said(change.after());
  }

  private static String said(String value) {
    return value.isEmpty() ? "(nothing)" : value;
  }
}
