package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;

/** What pages give as {@code next}, and get back as {@code after}. */
public final class PageCursor {
  private static final int MOST_DIGITS = 18;

  private PageCursor() {}

  /**
   * The number of the last entry of the page before.
   *
   * @throws ApiException MALFORMED if it is none
   */
  public static long number(String after) {
    boolean digits = after.chars().allMatch(c -> c >= '0' && c <= '9');
    if (after.isEmpty() || after.length() > MOST_DIGITS || !digits) {
      throw malformed(after);
    }
    return Long.parseLong(after);
  }

  static ApiException malformed(String after) {
    return new ApiException(
        Problem.Code.MALFORMED,
        "'after' is no place in this list: '" + Limits.shorten(after, 40) + "'.",
        "Pass the 'next' of the page before, as it is.");
  }
}
