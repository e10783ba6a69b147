package dev.pipewright.protocol.run;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Wait}. It stays with the attempt; an engine that has acted on it gets it
 * again and passes it over.
 *
 * @param key the key of the wait
 * @param by who gave it; null where nobody did
 * @param note what they said; untrusted
 * @param values the parameters, with defaults filled in; of a RUN: {@code run} and {@code outcome};
 *     of a LOCK: {@code grant}, its fencing number
 */
public record Answer(
    String key,
    Verdict verdict,
    @Nullable String by,
    @Nullable String note,
    Instant at,
    Map<String, String> values) {
  public Answer {
    values = Map.copyOf(values);
  }

  /** What the answer is. */
  public enum Verdict {
    APPROVED,
    REJECTED,
    /** Nobody answered in time. */
    EXPIRED,
    /** The lock is held now. */
    GRANTED,
    /** The started run is over. */
    ENDED,
    /** It will never come, such as of a run that could not be started; {@code note} says why. */
    FAILED
  }
}
