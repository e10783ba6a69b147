package dev.pipewright.state;

import org.jspecify.annotations.Nullable;

/** Keeps untrusted text short. */
public final class Limits {
  private Limits() {}

  /** The text, cut to {@code most} characters and never inside a surrogate pair. */
  public static String shorten(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }

  static @Nullable String shortenIfAny(@Nullable String text, int most) {
    return text == null ? null : shorten(text, most);
  }
}
