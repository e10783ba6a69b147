package dev.pipewright.standalone.live;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * A part of the terminal that is drawn over and over, always at its end. What was drawn before a
 * resize is found again by how the terminal has wrapped it. Confined to one thread at a time.
 */
final class Screen {
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String CLEAR_LINE = "\u001b[2K";
  private static final String CLEAR_BELOW = "\u001b[J";

  /** Columns and rows of a terminal. */
  record Size(int columns, int rows) {}

  private final PrintStream out;
  private final Supplier<Size> size;
  private final boolean colours;
  private List<Line> drawn = List.of();
  private int drawnColumns = 80;

  Screen(PrintStream out, Supplier<Size> size, boolean colours) {
    this.out = out;
    this.size = size;
    this.colours = colours;
  }

  Size size() {
    return size.get();
  }

  /** Replaces what was drawn last. */
  void draw(List<Line> lines) {
    int columns = Math.max(10, size.get().columns());
    StringBuilder frame = new StringBuilder(HIDE_CURSOR).append(back(columns));
    for (Line line : lines) {
      frame.append(CLEAR_LINE).append(line.shown(columns - 1, colours)).append("\r\n");
    }
    out.print(frame.append(CLEAR_BELOW));
    out.flush();
    drawn = List.copyOf(lines);
    drawnColumns = columns;
  }

  /** Replaces what was drawn last by lines that stay; what is drawn next goes below them. */
  void leave(List<Line> lines) {
    draw(lines);
    drawn = List.of();
    out.print(SHOW_CURSOR);
    out.flush();
  }

  private String back(int columns) {
    int rows = 0;
    for (Line line : drawn) {
      int cells = line.cells(drawnColumns - 1);
      rows += Math.max(1, (cells + columns - 1) / columns);
    }
    return rows == 0 ? "\r" : "\r\u001b[" + rows + "A";
  }
}
