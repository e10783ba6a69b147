package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * An error as the API answers it ({@code application/problem+json}).
 *
 * @param status the HTTP status
 * @param code a stable word for programs, see {@link Code}
 * @param title what went wrong, in one sentence
 * @param detail what to do next; may be null
 */
public record Problem(int status, String code, String title, @Nullable String detail) {

  /** The codes and the status each one has. */
  public enum Code {
    MALFORMED(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    CONFLICT(409),
    /** The writer's launch was replaced by a newer one: stop. */
    FENCED(409),
    TOO_LARGE(413),
    UNSUPPORTED(415),
    /** Too many failures in a short time: come again after the time in Retry-After. */
    TOO_MANY(429),
    INTERNAL(500),
    UNAVAILABLE(503);

    private final int status;

    Code(int status) {
      this.status = status;
    }

    /** The HTTP status of this code. */
    public int status() {
      return status;
    }

    /** The code as it is written on the wire, such as {@code not-found}. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** A problem with the status of its code. */
  public static Problem of(Code code, String title, @Nullable String detail) {
    return new Problem(code.status(), code.text(), title, detail);
  }
}
