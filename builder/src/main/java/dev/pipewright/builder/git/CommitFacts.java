package dev.pipewright.builder.git;

import dev.pipewright.protocol.SkipMarker;
import org.jspecify.annotations.Nullable;

/**
 * Who made a commit and what for, as the commit says; untrusted text, cut to a length people read.
 *
 * @param skip the words in its message that ask for no run; null if there are none
 */
public record CommitFacts(
    @Nullable String author, @Nullable String subject, @Nullable String skip) {
  private static final int LONGEST = 200;
  private static final int LOOKED_AT = 64 * 1024;

  static CommitFacts of(@Nullable String author, @Nullable String subject, String message) {
    String looked = message.substring(0, Math.min(LOOKED_AT, message.length()));
    return new CommitFacts(
        shortened(author), shortened(subject), SkipMarker.in(looked).orElse(null));
  }

  private static @Nullable String shortened(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String line = text.strip().replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
