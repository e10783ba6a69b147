package dev.pipewright.state;

import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.ResourceUse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The present attempt of a run, and what is left of those before it.
 *
 * @param number 1 for the first
 * @param workspace which workspace its launches work in
 * @param from the step it begins at, if a person asked for that
 * @param reason why there is a further attempt; null for the first
 * @param by who asked for it; null if nobody did
 * @param workspaceUntil how long the workspace of the finished run is kept; null if it is not
 * @param past the attempts before, oldest first
 * @param used what its units took up that have ended; null before the first has
 */
public record RunAttempt(
    int number,
    int workspace,
    @Nullable StepPath from,
    @Nullable String reason,
    @Nullable String by,
    Progress progress,
    Told told,
    @Nullable Instant workspaceUntil,
    List<PastAttempt> past,
    @Nullable ResourceUse used) {

  public RunAttempt {
    past = List.copyOf(past);
  }

  /**
   * How far an attempt has come.
   *
   * @param begun whether an engine has begun it
   * @param fresh whether the present launch has finished a step
   * @param fruitless how many launches in a row, up to the last one, have finished no step
   * @param losses how many attempts in a row, up to this one, were needed for a lost workspace
   */
  public record Progress(boolean begun, boolean fresh, int fruitless, int losses) {
    /** Nothing was done yet. */
    static final Progress NONE = new Progress(false, false, 0, 0);

    Progress atClaim() {
      return new Progress(begun, false, fruitless, losses);
    }

    Progress atBegin() {
      return new Progress(true, fresh, fruitless, losses);
    }

    Progress atStep() {
      return new Progress(begun, true, fruitless, losses);
    }

    /** The unit is gone; {@code counts} says whether that counts if no step was finished. */
    Progress atEnd(boolean counts) {
      return new Progress(begun, fresh, fresh ? 0 : counts ? fruitless + 1 : fruitless, losses);
    }

    /** The engine waits; if it was {@code answered} already, it did not see that. */
    Progress atWait(boolean answered) {
      return new Progress(begun, fresh, answered && !fresh ? fruitless + 1 : 0, losses);
    }

    Progress atLoss() {
      return new Progress(true, fresh, fruitless, losses + 1);
    }
  }

  /** Steps that became known below {@code path} while the run was going on. */
  public record Expansion(StepPath path, List<PlanStep> steps) {
    public Expansion {
      steps = List.copyOf(steps);
    }
  }

  /**
   * What was told in the attempt beside the states of its steps.
   *
   * @param answers the answers to its waits, oldest first
   * @param waits what is waited for, answered or not, oldest first
   * @param noted how many characters engines have noted
   */
  public record Told(
      List<Answer> answers, List<OpenWait> waits, List<Expansion> expansions, long noted) {
    /** Nothing was told yet. */
    static final Told NOTHING = new Told(List.of(), List.of(), List.of(), 0);

    public Told {
      answers = List.copyOf(answers);
      waits = List.copyOf(waits);
      expansions = List.copyOf(expansions);
    }
  }

  /** The first attempt; {@code begun} tells whether an engine has begun it. */
  static RunAttempt first(boolean begun) {
    Progress progress = begun ? Progress.NONE.atBegin() : Progress.NONE;
    return new RunAttempt(1, 1, null, null, null, progress, Told.NOTHING, null, List.of(), null);
  }

  /** True if engines have told something of the run before, in this attempt or in another. */
  boolean hasHistory() {
    return progress.begun() || number > 1;
  }

  RunAttempt with(Progress next) {
    return new RunAttempt(
        number, workspace, from, reason, by, next, told, workspaceUntil, past, used);
  }

  RunAttempt with(Told next) {
    return new RunAttempt(
        number, workspace, from, reason, by, progress, next, workspaceUntil, past, used);
  }

  RunAttempt keptUntil(@Nullable Instant until) {
    return new RunAttempt(number, workspace, from, reason, by, progress, told, until, past, used);
  }

  /** Another unit of it has ended; null if nothing is known of that. */
  RunAttempt using(@Nullable ResourceUse unit) {
    return new RunAttempt(
        number,
        workspace,
        from,
        reason,
        by,
        progress,
        told,
        workspaceUntil,
        past,
        unit == null ? used : unit.after(used));
  }

  /** The next attempt because the workspace was lost; an engine has begun it. */
  RunAttempt afterLoss(PastAttempt ended) {
    return new RunAttempt(
        number + 1,
        workspace,
        null,
        ended.reason(),
        null,
        progress.atLoss(),
        Told.NOTHING,
        null,
        pastWith(ended),
        null);
  }

  /** The next attempt because a person wants it: in a new workspace if it begins at the start. */
  RunAttempt again(@Nullable StepPath step, String why, String who, PastAttempt ended) {
    return new RunAttempt(
        number + 1,
        step == null ? number + 1 : workspace,
        step,
        why,
        who,
        Progress.NONE,
        Told.NOTHING,
        null,
        pastWith(ended),
        null);
  }

  private List<PastAttempt> pastWith(PastAttempt ended) {
    List<PastAttempt> all = new ArrayList<>(past);
    all.add(ended);
    return all;
  }

  /** What an engine said when it began. */
  RunAttempt begunFrom(@Nullable StepPath step) {
    return new RunAttempt(
        number,
        workspace,
        step == null ? from : step,
        reason,
        by,
        progress.atBegin(),
        told,
        workspaceUntil,
        past,
        used);
  }
}
