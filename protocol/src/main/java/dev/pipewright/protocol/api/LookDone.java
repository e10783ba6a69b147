package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claimed look has found: all branches and tags, and the heads of pull requests where the
 * forge keeps them in the repository, or why they could not be listed.
 *
 * @param pulls whether the heads of pull requests are among them, where there are any
 */
public record LookDone(
    SourceName source,
    long fence,
    List<RemoteRef> refs,
    @Nullable String problem,
    @Nullable Boolean pulls) {
  public LookDone {
    refs = List.copyOf(refs);
  }

  /** The same as {@code pulls}, of which older Builders say nothing. */
  public boolean listsPulls() {
    return Boolean.TRUE.equals(pulls);
  }
}
