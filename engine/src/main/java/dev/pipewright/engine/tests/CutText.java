package dev.pipewright.engine.tests;

import org.jspecify.annotations.Nullable;

/** Cuts texts of reports to what is kept of them. */
final class CutText {
  /** Characters of a stack trace. */
  static final int DETAIL = 8 * 1024;

  /** Characters of a name. */
  static final int NAME = 500;

  /** Characters of a message. */
  static final int MESSAGE = 500;

  private static final String MARK = "…";

  private CutText() {}

  static String name(String text) {
    return cut(text.strip(), NAME);
  }

  /** The first line that says something. */
  static @Nullable String message(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .map(line -> cut(line, MESSAGE))
        .orElse(null);
  }

  static @Nullable String detail(@Nullable String text) {
    return text == null || text.isBlank() ? null : cut(text.strip(), DETAIL);
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = most - MARK.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + MARK;
  }
}
