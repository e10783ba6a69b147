package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who a token is. */
public record TokenSelf(Kind kind, String name, @Nullable RunId run, @Nullable SourceName source) {
  /**
   * What a token may do: those of people what their {@link Role} may, SERVICE the work of services,
   * RUN what its run may do.
   */
  public enum Kind {
    ADMIN,
    OPERATOR,
    VIEWER,
    SERVICE,
    RUN
  }

  /** A person with this role. */
  public static TokenSelf person(Role role, String name) {
    return new TokenSelf(role.kind(), name, null, null);
  }

  /** What a person may do; empty for what is no person. */
  public Optional<Role> role() {
    return switch (kind) {
      case ADMIN -> Optional.of(Role.ADMIN);
      case OPERATOR -> Optional.of(Role.OPERATOR);
      case VIEWER -> Optional.of(Role.VIEWER);
      case SERVICE, RUN -> Optional.empty();
    };
  }
}
