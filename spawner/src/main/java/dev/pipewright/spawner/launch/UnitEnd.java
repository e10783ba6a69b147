package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.api.LaunchEnd;
import org.jspecify.annotations.Nullable;

/**
 * How a unit ended.
 *
 * @param exitCode as far as it is known; 128 and more for a signal
 * @param reason one sentence for people
 * @param limit which limit was passed, of kind LIMIT only
 */
public record UnitEnd(
    LaunchEnd.Kind kind,
    @Nullable Integer exitCode,
    String reason,
    LaunchEnd.@Nullable Limit limit) {
  private static final int SIGNALLED = 128;
  private static final int KILLED = 137;
  private static final int LEFT_WAITING = 5;

  /** An end at no limit. */
  public UnitEnd(LaunchEnd.Kind kind, @Nullable Integer exitCode, String reason) {
    this(kind, exitCode, reason, null);
  }

  /** The end of a unit that was stopped because it passed a limit. */
  public static UnitEnd of(Limits.Breach breach, @Nullable Integer exitCode) {
    return new UnitEnd(LaunchEnd.Kind.LIMIT, exitCode, breach.reason(), breach.limit());
  }

  /** A unit, called {@code what} in words, that ended by itself or by a foreign hand. */
  public static UnitEnd exited(String what, int exitCode) {
    return new UnitEnd(LaunchEnd.Kind.EXITED, exitCode, reason(what, exitCode));
  }

  /** True if the engine ended as it should: the run is finished, or waits without a unit. */
  public boolean isOrderly() {
    return kind == LaunchEnd.Kind.EXITED
        && exitCode != null
        && (exitCode == 0 || exitCode == LEFT_WAITING);
  }

  private static String reason(String what, int exitCode) {
    return switch (exitCode) {
      case 0 -> "The engine ended, but the run was not finished.";
      case 3 -> "The engine ended because a newer launch of the run exists.";
      case 4 -> "The engine ended because it could not report to the server.";
      case LEFT_WAITING -> "The engine ended and left the run waiting.";
      case KILLED ->
          "The %s was killed (exit 137, not by Pipewright) before the run was finished."
              .formatted(what);
      default ->
          exitCode > SIGNALLED
              ? "The %s was ended by signal %d (exit %d, not by Pipewright) before the run was finished."
                  .formatted(what, exitCode - SIGNALLED, exitCode)
              : "The engine ended with exit code %d before the run was finished."
                  .formatted(exitCode);
    };
  }
}
