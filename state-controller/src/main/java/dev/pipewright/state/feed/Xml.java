package dev.pipewright.state.feed;

/** Writes text into XML 1.0 attributes and elements, whatever the text holds. */
public final class Xml {
  private Xml() {}

  /**
   * The text with everything escaped that has a meaning, and without what XML cannot hold.
   * Characters that turn the direction of writing are replaced: with them a name can pretend to be
   * another.
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(point -> append(out, point));
    return out.toString();
  }

  private static void append(StringBuilder out, int point) {
    switch (point) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&apos;");
      case '\t', '\n', '\r' -> out.append(' ');
      default -> {
        if (turns(point)) {
          out.append('\uFFFD');
        } else if (isLegal(point)) {
          out.appendCodePoint(point);
        }
      }
    }
  }

  private static boolean turns(int point) {
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
  }

  private static boolean isLegal(int point) {
    return (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || (point >= 0x10000 && point <= 0x10FFFF);
  }
}
