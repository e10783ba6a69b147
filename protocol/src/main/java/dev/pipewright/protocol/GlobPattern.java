package dev.pipewright.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A pattern over names with slashes, such as branches: {@code *} stands for any characters but a
 * slash, {@code **} for any characters, {@code ?} for one character that is not a slash. Everything
 * else stands for itself. Matching takes time proportional to pattern times text at the most.
 */
public record GlobPattern(@JsonValue String value) {

  @JsonCreator
  public GlobPattern {
    Texts.printable("pattern", value, 500);
  }

  /** True if the whole of {@code text} matches. */
  public boolean matches(String text) {
    boolean[] reached = new boolean[text.length() + 1];
    reached[0] = true;
    int at = 0;
    while (at < value.length()) {
      char wanted = value.charAt(at);
      boolean deep = wanted == '*' && at + 1 < value.length() && value.charAt(at + 1) == '*';
      reached = wanted == '*' ? star(reached, text, deep) : single(reached, text, wanted);
      at += deep ? 2 : 1;
    }
    return reached[text.length()];
  }

  private static boolean[] star(boolean[] reached, String text, boolean deep) {
    boolean[] next = new boolean[reached.length];
    for (int i = 0; i < reached.length; i++) {
      next[i] = reached[i] || (i > 0 && next[i - 1] && (deep || text.charAt(i - 1) != '/'));
    }
    return next;
  }

  private static boolean[] single(boolean[] reached, String text, char wanted) {
    boolean[] next = new boolean[reached.length];
    for (int i = 1; i < reached.length; i++) {
      char found = text.charAt(i - 1);
      next[i] = reached[i - 1] && (wanted == '?' ? found != '/' : found == wanted);
    }
    return next;
  }

  @Override
  public String toString() {
    return value;
  }
}
