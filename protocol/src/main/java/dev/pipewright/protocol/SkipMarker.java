package dev.pipewright.protocol;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words in a commit message that ask for no run, those of all forges together. */
public final class SkipMarker {
  private static final Pattern MARKER =
      Pattern.compile("\\[(?:skip[ _-]ci|ci[ _-]skip|no ci|skip actions|actions skip)\\]");

  private SkipMarker() {}

  /** The first marker in this message, in lower case, whatever its case there. */
  public static Optional<String> in(String message) {
    Matcher matcher = MARKER.matcher(message.toLowerCase(Locale.ROOT));
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }
}
