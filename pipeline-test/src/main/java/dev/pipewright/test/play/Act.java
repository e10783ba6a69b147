package dev.pipewright.test.play;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command or a task does when it is its turn. Immutable.
 *
 * @param takes how long it takes; null for as long as anything takes
 * @param text what it prints
 * @param end how it ends
 * @param exitCode its exit code
 * @param reason why it ends so; empty where the exit code says it
 * @param outputs what a task leaves, as JSON text
 * @param files what it writes into the workspace
 */
public record Act(
    @Nullable Duration takes,
    String text,
    End end,
    int exitCode,
    String reason,
    Map<String, String> outputs,
    Map<String, String> files) {
  /** How long anything takes of which nothing else is said. */
  public static final Duration USUAL = Duration.ofSeconds(1);

  /** Does nothing, and well. */
  public static final Act NOTHING = new Act(null, "", End.EXITS, 0, "", Map.of(), Map.of());

  /** How it ends. */
  public enum End {
    /** With its exit code. */
    EXITS,
    /** It says no. */
    FAILS,
    /** It cannot be done. */
    ERRORS,
    /** Not by itself. */
    HANGS
  }

  public Act {
    outputs = Map.copyOf(outputs);
    files = Map.copyOf(files);
  }

  /** How long it takes. */
  Duration length() {
    return takes == null ? USUAL : takes;
  }
}
