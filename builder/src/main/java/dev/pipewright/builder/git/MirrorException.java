package dev.pipewright.builder.git;

import org.jspecify.annotations.Nullable;

/** A repository that could not be used; the message says which, why and what to do next. */
public final class MirrorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private enum Kind {
    REFUSED,
    ABSENT,
    FAILED
  }

  private final Kind kind;

  private MirrorException(String message, Kind kind, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** The request itself cannot be met: asking again gives the same answer. */
  static MirrorException refused(String message) {
    return new MirrorException(message, Kind.REFUSED, null);
  }

  /** The repository has no such ref, or not this commit there; it may be a little later. */
  static MirrorException absent(String message) {
    return new MirrorException(message, Kind.ABSENT, null);
  }

  /** Something outside did not work: asking again may help. */
  static MirrorException failed(String message, Throwable cause) {
    return new MirrorException(message, Kind.FAILED, cause);
  }

  /** True if asking again may help. */
  public boolean retryable() {
    return kind == Kind.FAILED;
  }

  /** True if the repository does not have, or not have yet, what was asked for. */
  public boolean isOfAbsence() {
    return kind == Kind.ABSENT;
  }
}
