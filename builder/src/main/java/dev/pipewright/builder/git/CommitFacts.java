package dev.pipewright.builder.git;

import org.jspecify.annotations.Nullable;

/**
 * Who made a commit and what for, as the commit says; untrusted text, cut to a length people read.
 */
public record CommitFacts(@Nullable String author, @Nullable String subject) {
  private static final int LONGEST = 200;

  static CommitFacts of(@Nullable String author, @Nullable String subject) {
    return new CommitFacts(shortened(author), shortened(subject));
  }

  private static @Nullable String shortened(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String line = text.strip().replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }
}
