package dev.pipewright.protocol.api;

/** What a person may do; each role may do what those before it may. */
public enum Role {
  /** Read everything that is shown, also where reads are closed. */
  VIEWER,
  /** Run things: start, cancel, rerun, decide, replay deliveries, take locks away. */
  OPERATOR,
  /** Everything: also sources, secrets, tokens, the outbox and the audit log. */
  ADMIN;

  /** How a token of this role is called. */
  public TokenSelf.Kind kind() {
    return TokenSelf.Kind.valueOf(name());
  }

  /** Whether who has this role may do what {@code other} may. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
