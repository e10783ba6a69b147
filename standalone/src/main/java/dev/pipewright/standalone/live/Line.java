package dev.pipewright.standalone.live;

import java.util.ArrayList;
import java.util.List;

/** One line on the screen: pieces of text, each with a style. Immutable. */
record Line(List<Piece> pieces) {
  Line {
    pieces = List.copyOf(pieces);
  }

  /** Text in one style. */
  record Piece(String text, Style style) {}

  /** How text looks; without colour only the text itself tells. */
  enum Style {
    PLAIN(""),
    FAINT("2"),
    BOLD("1"),
    GOOD("32"),
    BAD("31"),
    ODD("33"),
    BUSY("36");

    private final String code;

    Style(String code) {
      this.code = code;
    }

    String apply(String text) {
      return code.isEmpty() || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
  }

  static Line of(String text, Style style) {
    return new Line(List.of(new Piece(text, style)));
  }

  Line and(String text, Style style) {
    List<Piece> more = new ArrayList<>(pieces);
    more.add(new Piece(text, style));
    return new Line(more);
  }

  /** The text, cut to a number of columns. */
  String shown(int columns, boolean colours) {
    StringBuilder text = new StringBuilder();
    int left = columns;
    for (Piece piece : pieces) {
      String fits = Cells.cut(piece.text(), left);
      text.append(colours ? piece.style().apply(fits) : fits);
      left -= Cells.of(fits);
      if (!fits.equals(piece.text())) {
        break;
      }
    }
    return text.toString();
  }

  /** How many columns it takes when it is cut to {@code columns}. */
  int cells(int columns) {
    return Math.min(columns, pieces.stream().mapToInt(piece -> Cells.of(piece.text())).sum());
  }
}
