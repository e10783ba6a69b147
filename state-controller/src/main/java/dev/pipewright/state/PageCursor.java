package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import java.util.regex.Pattern;

/** What pages give as {@code next}, and get back as {@code after}. */
public final class PageCursor {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private PageCursor() {}

  /**
   * The number of the last entry of the page before.
   *
   * @throws ApiException MALFORMED if it is none
   */
  public static long number(String after) {
    if (!NUMBER.matcher(after).matches()) {
      throw malformed(after);
    }
    try {
      return Long.parseLong(after);
    } catch (NumberFormatException e) {
      throw malformed(after);
    }
  }

  static ApiException malformed(String after) {
    return new ApiException(
        Problem.Code.MALFORMED,
        "'after' is no place in this list: '" + Limits.shorten(after, 40) + "'.",
        "Pass the 'next' of the page before, as it is.");
  }
}
