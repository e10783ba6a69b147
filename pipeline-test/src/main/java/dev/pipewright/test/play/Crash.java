package dev.pipewright.test.play;

import org.jspecify.annotations.Nullable;

/**
 * The loss of an engine: with its machine's power, so that nothing of it remains but what it has
 * told before.
 *
 * @param when which moment
 * @param step the step of that moment; null where it is counted in events
 * @param events how many events the engine may tell; counted from the beginning of the run; 0 where
 *     a step names the moment
 * @param workspace whether the workspace is lost too
 */
public record Crash(Moment when, @Nullable String step, int events, boolean workspace) {

  /** When an engine is lost. */
  public enum Moment {
    /** It has told that the step is over. */
    AFTER_STEP,
    /** The work of the step is done, but nobody was told. */
    DURING_STEP,
    /** It has told so many events, and does nothing after the last of them. */
    AFTER_EVENTS,
    /** It has told so many events, and goes on until it would tell another one. */
    BEFORE_NEXT_EVENT
  }
}
