package dev.pipewright.state.oidc;

import org.jspecify.annotations.Nullable;

/** Somebody could not be signed in; the message says why, in words for that person. */
public final class OidcException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The provider does not answer, or not as it should: later it may. */
    AWAY(503),
    /** The provider sent somebody back whom this server had not sent there. */
    UNEXPECTED(400),
    /** What the provider says of somebody is not to be believed. */
    UNPROVEN(401),
    /** The provider, or the person there, did not want it. */
    DECLINED(403),
    /** The person is known, but has no role here. */
    NO_ROLE(403);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** The HTTP status that tells of it. */
    public int status() {
      return status;
    }

    /** Whether it may have been a try to get in by guessing or forging. */
    public boolean isSuspicious() {
      return this == UNEXPECTED || this == UNPROVEN;
    }
  }

  private final Kind kind;
  private @Nullable String returnTo;

  OidcException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  OidcException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The local address that the sign-in was to go on at; null if it is not known. */
  public @Nullable String returnTo() {
    return returnTo;
  }

  OidcException during(PendingSignIns.Pending begun) {
    returnTo = begun.returnTo();
    return this;
  }
}
