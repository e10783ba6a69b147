package dev.pipewright.state;

import dev.pipewright.protocol.api.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session of a browser as it is kept, under the hash of its cookie.
 *
 * @param tokenHash the token it was opened with, whose end is its end; null if none was
 */
record SessionRecord(
    String hash,
    String name,
    Role role,
    @Nullable String tokenHash,
    Instant openedAt,
    Instant seenAt) {

  SessionRecord seen(Instant at) {
    return new SessionRecord(hash, name, role, tokenHash, openedAt, at);
  }
}
