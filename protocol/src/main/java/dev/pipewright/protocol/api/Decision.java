package dev.pipewright.protocol.api;

import dev.pipewright.protocol.StepPath;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person approves or rejects the step {@code path}, or the commit of a run that is held.
 *
 * @param path the step; null for the commit
 * @param values what the parameters of the wait are; defaults need not be given
 */
public record Decision(
    @Nullable StepPath path, boolean approved, @Nullable String note, Map<String, String> values) {
  public Decision {
    values = values == null ? Map.of() : Map.copyOf(values);
  }
}
