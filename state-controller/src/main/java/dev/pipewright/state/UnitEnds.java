package dev.pipewright.state;

import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.state.RunAttempt.Progress;
import org.jspecify.annotations.Nullable;

/** What the end of a unit means for a run whose engine had not finished it. Pure. */
final class UnitEnds {
  private static final int MOST_FRUITLESS = 3;
  private static final int MOST_LOSSES = 5;

  private UnitEnds() {}

  /** How a run is over. */
  record Last(Outcome outcome, String reason) {}

  /** How the run is over with this; null if another engine may go on. */
  static @Nullable Last last(LaunchEnd how, Progress progress) {
    return switch (how.kind()) {
      case OOM, START_FAILED -> new Last(Outcome.ERRORED, how.reason());
      case LIMIT -> new Last(atLimit(how.limit()), how.reason());
      case EXITED, LOST, STOPPED -> tired(how, progress);
    };
  }

  private static Outcome atLimit(LaunchEnd.@Nullable Limit limit) {
    return limit == null || limit == LaunchEnd.Limit.TIME ? Outcome.TIMED_OUT : Outcome.ERRORED;
  }

  private static @Nullable Last tired(LaunchEnd how, Progress progress) {
    if (isFruitless(progress)) {
      return new Last(
          Outcome.ERRORED,
          "lost: %d launches in a row have finished no step; the last one: %s"
              .formatted(MOST_FRUITLESS, how.reason()));
    }
    if (progress.losses() >= MOST_LOSSES) {
      return new Last(
          Outcome.ERRORED,
          "lost: the workspace was lost %d times; the last launch: %s"
              .formatted(MOST_LOSSES, how.reason()));
    }
    return null;
  }

  /** Why the run is in the queue again, and which launch goes on with it. */
  static String again(LaunchEnd how) {
    return "%s (It is tried again, with launch %d.)".formatted(how.reason(), how.fence() + 1);
  }

  /** True if so many engines in a row came to nothing that no other one is tried. */
  static boolean isFruitless(Progress progress) {
    return progress.fruitless() >= MOST_FRUITLESS;
  }

  /** The progress after a launch that has ended so; one that was stopped is not counted. */
  static Progress after(LaunchEnd how, Progress progress) {
    return progress.atEnd(how.kind() != LaunchEnd.Kind.STOPPED);
  }
}
