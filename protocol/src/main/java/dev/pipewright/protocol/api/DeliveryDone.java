package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a Spawner made of a claimed delivery: its runs so far and, in words, what could not be done.
 */
public record DeliveryDone(long fence, List<RunId> runs, @Nullable String problem, Result result) {
  public DeliveryDone {
    runs = List.copyOf(runs);
  }

  /** Everything was done that could be. */
  public DeliveryDone(long fence, List<RunId> runs, @Nullable String problem) {
    this(fence, runs, problem, Result.PLANNED);
  }

  /** How it went. */
  public enum Result {
    /** All runs that it asks for were created; that may be none. */
    PLANNED,
    /** Something of it could not be done, and trying again would not help. */
    FAILED,
    /** The repository does not have what it names; a forge may tell of it a little too early. */
    ABSENT,
    /** Something of it could not be done for a reason that passes by: try again later. */
    LATER
  }
}
