package dev.pipewright.protocol;

/** Checks shared by the identifiers: bounded, printable text. */
final class Texts {
  private static final int SHOWN = 60;

  private Texts() {}

  static String printable(String what, String text, int maximum) {
    if (text.isBlank()) {
      throw new ProtocolException("A " + what + " must not be empty.");
    }
    if (text.length() > maximum) {
      throw new ProtocolException(
          "A %s has at most %d characters, but '%s' has %d."
              .formatted(what, maximum, shorten(text), text.length()));
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw new ProtocolException(
          "A %s must not contain control characters: '%s'.".formatted(what, shorten(text)));
    }
    return text;
  }

  static String shorten(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
  }
}
