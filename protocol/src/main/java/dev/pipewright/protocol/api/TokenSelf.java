package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/** Who a token is. */
public record TokenSelf(Kind kind, String name, @Nullable RunId run, @Nullable SourceName source) {
  /** What a token may do: ADMIN all, SERVICE the work of services, RUN what its run may do. */
  public enum Kind {
    ADMIN,
    SERVICE,
    RUN
  }
}
