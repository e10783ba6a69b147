package dev.pipewright.state;

/**
 * What may happen to a run, as one pure table. Everything that changes the state of a run asks here
 * first. The diagram in {@code docs/run-states.md} is made from it.
 */
public final class RunTransitions {
  private RunTransitions() {}

  /** The answer of the table. */
  public sealed interface Move {
    /** The run is in {@code state} from now on; that may be the state it was in. */
    record To(RunState state) implements Move {}

    /** This cannot happen now. */
    record Refused(String why) implements Move {}
  }

  /** What {@code signal} does to a run in {@code state}. */
  public static Move next(RunState state, RunSignal signal) {
    return switch (state) {
      case QUEUED -> queued(signal);
      case CLAIMED -> claimed(signal);
      case LAUNCHED -> launched(signal);
      case RUNNING -> running(signal);
      case WAITING -> waiting(signal);
      case FINISHED -> finished(signal);
    };
  }

  private static Move queued(RunSignal signal) {
    return switch (signal) {
      case CLAIM -> to(RunState.CLAIMED);
      case CANCEL -> to(RunState.QUEUED);
      case END_AT_ONCE -> to(RunState.FINISHED);
      case REQUEUE, WAKE -> refused("The run is in the queue already.");
      case LAUNCH, ENGINE_START, STEP, ENGINE_WAIT, ENGINE_FINISH ->
          refused("The run is in the queue and nobody has claimed it.");
      case UNIT_GONE, UNIT_END, LEASE_LOST -> refused("The run has no unit.");
      case HOLD -> to(RunState.WAITING);
      case RERUN -> notFinished();
    };
  }

  private static Move claimed(RunSignal signal) {
    return switch (signal) {
      case LAUNCH -> to(RunState.LAUNCHED);
      case ENGINE_START -> to(RunState.RUNNING);
      case REQUEUE, LEASE_LOST, UNIT_GONE -> to(RunState.QUEUED);
      case ENGINE_FINISH, UNIT_END -> to(RunState.FINISHED);
      case CANCEL -> to(RunState.CLAIMED);
      case CLAIM, HOLD -> refused("The run is claimed already.");
      case STEP, ENGINE_WAIT -> refused("The engine of the run has not begun.");
      case WAKE, END_AT_ONCE -> refused("The run is claimed.");
      case RERUN -> notFinished();
    };
  }

  private static Move launched(RunSignal signal) {
    return switch (signal) {
      case LAUNCH, CANCEL -> to(RunState.LAUNCHED);
      case ENGINE_START -> to(RunState.RUNNING);
      case REQUEUE, LEASE_LOST, UNIT_GONE -> to(RunState.QUEUED);
      case ENGINE_FINISH, UNIT_END -> to(RunState.FINISHED);
      case CLAIM, HOLD -> refused("The run is claimed already.");
      case STEP, ENGINE_WAIT -> refused("The engine of the run has not begun.");
      case WAKE, END_AT_ONCE -> refused("The run is launched.");
      case RERUN -> notFinished();
    };
  }

  private static Move running(RunSignal signal) {
    return switch (signal) {
      case LAUNCH, STEP, CANCEL -> to(RunState.RUNNING);
      case ENGINE_WAIT -> to(RunState.WAITING);
      case LEASE_LOST, UNIT_GONE -> to(RunState.QUEUED);
      case ENGINE_FINISH, UNIT_END -> to(RunState.FINISHED);
      case CLAIM, HOLD -> refused("The run is claimed already.");
      case REQUEUE, ENGINE_START -> refused("The engine of the run has begun.");
      case WAKE, END_AT_ONCE -> refused("The run is worked on.");
      case RERUN -> notFinished();
    };
  }

  private static Move waiting(RunSignal signal) {
    return switch (signal) {
      case LAUNCH, CANCEL, UNIT_GONE, UNIT_END, LEASE_LOST -> to(RunState.WAITING);
      case WAKE -> to(RunState.QUEUED);
      case END_AT_ONCE -> to(RunState.FINISHED);
      case CLAIM, REQUEUE, HOLD -> refused("The run waits.");
      case ENGINE_START, STEP, ENGINE_WAIT, ENGINE_FINISH ->
          refused("The run waits; nothing follows in this launch.");
      case RERUN -> notFinished();
    };
  }

  private static Move finished(RunSignal signal) {
    return switch (signal) {
      case LAUNCH, UNIT_GONE, UNIT_END -> to(RunState.FINISHED);
      case RERUN -> to(RunState.QUEUED);
      case CLAIM, REQUEUE, ENGINE_START, STEP, ENGINE_WAIT, ENGINE_FINISH ->
          refused("The run is finished.");
      case LEASE_LOST, WAKE, CANCEL, END_AT_ONCE, HOLD -> refused("The run is finished.");
    };
  }

  private static Move notFinished() {
    return refused("The run is not finished.");
  }

  private static Move to(RunState state) {
    return new Move.To(state);
  }

  private static Move refused(String why) {
    return new Move.Refused(why);
  }
}
