package dev.pipewright.state;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.api.SideRequest;
import java.util.regex.Pattern;

/** What a wish for a container beside an engine must fulfil. Pure. */
final class SideChecks {
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,499}");
  private static final int MOST_WORDS = 200;
  private static final int LONGEST_COMMAND = 100_000;

  private SideChecks() {}

  /** Throws MALFORMED saying what is wrong. */
  static void check(SideRequest wish) {
    String unused = LiveRuns.key(wish.key());
    if (!IMAGE.matcher(wish.image()).matches()) {
      throw malformed(
          "'%s' is no reference to an image.".formatted(Limits.shorten(wish.image(), 80)));
    }
    if (wish.name().isEmpty() == wish.command().isEmpty()) {
      throw malformed("A container has a command, or it is a service and has a name.");
    }
    if (!wish.name().isEmpty() && !HOST.matcher(wish.name()).matches()) {
      throw malformed(
          "The name of a service is a host name of small letters, digits and dashes, not '%s'."
              .formatted(Limits.shorten(wish.name(), 80)));
    }
    long characters = wish.command().stream().mapToLong(String::length).sum();
    if (wish.command().size() > MOST_WORDS || characters > LONGEST_COMMAND) {
      throw new ApiException(
          Problem.Code.TOO_LARGE,
          "A command has at most %d words and %,d characters."
              .formatted(MOST_WORDS, LONGEST_COMMAND));
    }
  }

  private static ApiException malformed(String title) {
    return new ApiException(Problem.Code.MALFORMED, title);
  }
}
