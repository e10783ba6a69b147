package dev.pipewright.dsl.definition;

import org.jspecify.annotations.Nullable;

/**
 * How runs of one pipeline stand to each other.
 *
 * @param atMost how many may be under way at once; null for any number
 * @param superseded what becomes of a run when there is a newer one of the same ref
 * @param location the call that limits, else the one that named the pipeline
 */
public record ConcurrencyNode(
    @Nullable Integer atMost, Superseded superseded, SourceLocation location) {

  /** What becomes of a run when there is a newer one of the same branch, tag or pull request. */
  public enum Superseded {
    /** It goes on. */
    KEPT,
    /** It is cancelled, unless it waits for a person or one has let it go on. */
    CANCELLED,
    /** It is cancelled in any case. */
    CANCELLED_EVEN_WAITING
  }

  /**
   * Any number of runs, none of which is cancelled.
   *
   * @param location the call that named the pipeline
   * @return what holds if nothing is said
   */
  public static ConcurrencyNode unlimited(SourceLocation location) {
    return new ConcurrencyNode(null, Superseded.KEPT, location);
  }
}
