package dev.pipewright.standalone.shape;

import java.util.List;

/**
 * How a pipeline differs between two versions of its code.
 *
 * @param pipeline its name
 * @param kind whether it is there in both
 * @param secrets who may see a secret now and could not, or not so freely, before
 * @param approvals what no longer waits for an approval it waited for before
 * @param settings what is said of the whole pipeline, such as its triggers
 * @param added steps that are new
 * @param removed steps that are gone
 * @param moved steps that are elsewhere or in another order
 * @param changed what is said otherwise of steps that are in both
 */
public record PipelineComparison(
    String pipeline,
    Kind kind,
    List<SecretReach> secrets,
    List<ApprovalGone> approvals,
    List<Change> settings,
    List<Step> added,
    List<Step> removed,
    List<Move> moved,
    List<Change> changed) {
  public PipelineComparison {
    secrets = List.copyOf(secrets);
    approvals = List.copyOf(approvals);
    settings = List.copyOf(settings);
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    moved = List.copyOf(moved);
    changed = List.copyOf(changed);
  }

  /** Whether the pipeline is there in both versions. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED,
    SAME
  }

  /**
   * A secret that a step may see.
   *
   * @param added whether the step could not see it before; else it sees it under other conditions
   * @param because what makes the difference
   */
  public record SecretReach(String secret, String step, boolean added, List<String> because) {
    public SecretReach {
      because = List.copyOf(because);
    }
  }

  /**
   * An approval that is gone, or is not asked any more before some steps.
   *
   * @param removed whether the approval itself is gone
   * @param steps what waited for it and does not any more
   */
  public record ApprovalGone(String approval, boolean removed, List<String> steps) {
    public ApprovalGone {
      steps = List.copyOf(steps);
    }
  }

  /** A step that is there in one of both versions. */
  public record Step(String step, String kind, String command) {}

  /** A step that is in both versions, elsewhere. */
  public record Move(String step, String from, String to) {}

  /** Something that is said otherwise; empty where it is not said at all. */
  public record Change(String of, String what, String before, String after) {}

  /** True if anything is different. */
  public boolean isDifferent() {
    return kind != Kind.SAME;
  }
}
