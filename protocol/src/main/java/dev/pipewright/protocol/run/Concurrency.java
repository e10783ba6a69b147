package dev.pipewright.protocol.run;

import org.jspecify.annotations.Nullable;

/**
 * How runs of one pipeline stand to each other.
 *
 * @param atMost how many may be under way at once; null for any number
 * @param superseded what becomes of a run when a newer change of the same ref starts one
 */
public record Concurrency(@Nullable Integer atMost, Superseded superseded) {
  /** Any number of runs, none of which is cancelled. */
  public static final Concurrency UNLIMITED = new Concurrency(null, Superseded.KEPT);

  /** What becomes of a superseded run. */
  public enum Superseded {
    /** It goes on. */
    KEPT,
    /** It is cancelled, unless it waits for a person or one has let it go on. */
    CANCELLED,
    /** It is cancelled in any case. */
    CANCELLED_EVEN_WAITING
  }
}
