package dev.pipewright.test.play;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person says to whatever waits for one. Immutable.
 *
 * @param approves whether they approve
 * @param by who they are
 * @param note what else they say; null for nothing
 * @param values the parameters they give
 * @param after how long they take
 */
public record Reply(
    boolean approves,
    String by,
    @Nullable String note,
    Map<String, String> values,
    Duration after) {
  public Reply {
    values = Map.copyOf(values);
  }
}
