package dev.pipewright.state;

import dev.pipewright.protocol.api.Role;
import dev.pipewright.protocol.api.TokenView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A token of a person as it is kept: its hash and what is known of it. */
record TokenRecord(
    String name,
    Role role,
    String hash,
    String madeBy,
    Instant madeAt,
    @Nullable Instant expires,
    @Nullable Instant used) {

  boolean isGood(Instant now) {
    return expires == null || now.isBefore(expires);
  }

  TokenRecord usedAt(Instant hour) {
    return new TokenRecord(name, role, hash, madeBy, madeAt, expires, hour);
  }

  TokenView view() {
    return new TokenView(name, role, madeBy, madeAt, expires, used);
  }
}
