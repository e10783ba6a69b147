package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a claimed look has found: all branches and tags, or why they could not be listed. */
public record LookDone(
    SourceName source, long fence, List<RemoteRef> refs, @Nullable String problem) {
  public LookDone {
    refs = List.copyOf(refs);
  }
}
