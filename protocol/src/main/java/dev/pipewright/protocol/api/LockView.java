package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock as the API shows it.
 *
 * @param waiting who waits, in the order in which they will get it
 */
public record LockView(String name, @Nullable Claim owner, List<Claim> waiting) {
  public LockView {
    waiting = List.copyOf(waiting);
  }

  /** One run that holds or wants a lock; {@code grant} is 0 while it waits. */
  public record Claim(RunId run, String key, Instant since, long grant) {}
}
