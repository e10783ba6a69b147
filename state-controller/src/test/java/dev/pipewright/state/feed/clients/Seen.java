package dev.pipewright.state.feed.clients;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who looks at a build monitor learns of one project.
 *
 * @param building whether it shows that something is going on
 * @param at when the last build was; null if the monitor shows no time
 * @param label of the last build; null if the monitor does not read it
 */
public record Seen(
    Lamp lamp, boolean building, @Nullable Instant at, @Nullable String label, String url) {
  /** The last result as it looks. */
  public enum Lamp {
    GREEN,
    RED,
    GREY
  }
}
