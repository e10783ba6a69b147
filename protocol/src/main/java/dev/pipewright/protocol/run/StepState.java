package dev.pipewright.protocol.run;

/**
 * The state of a step or a run. The outcome lives inside {@link Finished}, so a state that is both
 * running and failed cannot be written.
 */
public sealed interface StepState {

  /** Not begun. */
  record Pending() implements StepState {}

  /** Waits for capacity. */
  record Queued() implements StepState {}

  /** Work is being done. */
  record Running() implements StepState {}

  /** Waits for {@code forWhat}, in words. */
  record Waiting(String forWhat) implements StepState {}

  /** Over. */
  record Finished(Outcome outcome) implements StepState {}

  /** The state without its details. */
  default Phase phase() {
    return switch (this) {
      case Pending() -> Phase.PENDING;
      case Queued() -> Phase.QUEUED;
      case Running() -> Phase.RUNNING;
      case Waiting(String _) -> Phase.WAITING;
      case Finished(Outcome _) -> Phase.FINISHED;
    };
  }
}
