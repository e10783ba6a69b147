package dev.pipewright.protocol.run;

import dev.pipewright.protocol.run.StepState.Finished;
import dev.pipewright.protocol.run.StepState.Pending;
import dev.pipewright.protocol.run.StepState.Queued;
import dev.pipewright.protocol.run.StepState.Running;
import dev.pipewright.protocol.run.StepState.Waiting;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one rule that turns the states of children into the state of what contains them. It is used
 * live and at the end, and does not depend on the order of the children.
 *
 * <p>A container is running while any child runs, else waiting while any child waits. Once all are
 * finished, ERRORED beats TIMED_OUT beats FAILED beats CANCELLED beats SUCCEEDED; a skipped child
 * counts as succeeded, and so does a finished child whose failure is allowed. A container some of
 * whose children are finished and some not begun is running.
 */
public final class Folding {
  private static final List<Outcome> WORST_FIRST =
      List.of(Outcome.ERRORED, Outcome.TIMED_OUT, Outcome.FAILED, Outcome.CANCELLED);

  private Folding() {}

  /** One child: its state, and whether a failure of it is allowed. */
  public record Child(StepState state, boolean allowFailure) {}

  /** The state of a container with these children; succeeded if there are none. */
  public static StepState fold(List<Child> children) {
    boolean begun = false;
    boolean open = false;
    boolean running = false;
    @Nullable Waiting waiting = null;
    Outcome worst = Outcome.SUCCEEDED;
    for (Child child : children) {
      switch (child.state()) {
        case Pending() -> open = true;
        case Queued() -> open = true;
        case Running() -> running = true;
        case Waiting found -> waiting = earlier(waiting, found);
        case Finished(Outcome outcome) -> {
          begun = true;
          worst = worse(worst, counted(outcome, child.allowFailure()));
        }
      }
    }
    if (running) {
      return new Running();
    }
    if (waiting != null) {
      return waiting;
    }
    if (open) {
      return begun ? new Running() : new Pending();
    }
    return new Finished(worst);
  }

  /** What an outcome counts as in the container of the step that had it. */
  public static Outcome counted(Outcome outcome, boolean allowFailure) {
    return switch (outcome) {
      case SUCCEEDED, SKIPPED -> Outcome.SUCCEEDED;
      case FAILED, ERRORED, TIMED_OUT, CANCELLED -> allowFailure ? Outcome.SUCCEEDED : outcome;
    };
  }

  /** The worse of two outcomes by the order of the folding rule. */
  public static Outcome worse(Outcome one, Outcome other) {
    for (Outcome outcome : WORST_FIRST) {
      if (one == outcome || other == outcome) {
        return outcome;
      }
    }
    return Outcome.SUCCEEDED;
  }

  private static Waiting earlier(@Nullable Waiting one, Waiting other) {
    return one == null || other.forWhat().compareTo(one.forWhat()) < 0 ? other : one;
  }
}
