package dev.pipewright.standalone.live;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a terminal as the screen uses; it refuses every sequence it does not know. */
final class SmallTerminal {
  private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[(\\??)([0-9]*)([A-Za-z])");

  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private int columns;
  private int row;
  private int column;

  SmallTerminal(int columns) {
    this.columns = columns;
  }

  void write(String text) {
    Matcher sequence = SEQUENCE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '\u001b') {
        if (!sequence.find(at) || sequence.start() != at) {
          throw new IllegalArgumentException("unknown sequence at " + at);
        }
        obey(sequence.group(1), sequence.group(2), sequence.group(3));
        at = sequence.end();
      } else {
        put(text.charAt(at++));
      }
    }
  }

  private void obey(String mark, String number, String command) {
    switch (mark + command) {
      case "A" -> row = Math.max(0, row - Integer.parseInt(number));
      case "K" -> lines.get(row).setLength(0);
      case "J" -> {
        lines.get(row).setLength(column);
        lines.subList(row + 1, lines.size()).clear();
      }
      case "?h", "?l" -> {}
      default -> throw new IllegalArgumentException("unknown command " + command);
    }
  }

  private void put(char c) {
    if (c == '\r') {
      column = 0;
    } else if (c == '\n') {
      row++;
      if (row == lines.size()) {
        lines.add(new StringBuilder());
      }
    } else {
      StringBuilder line = lines.get(row);
      while (line.length() <= column) {
        line.append(' ');
      }
      line.setCharAt(column++, c);
    }
  }

  /** Wraps what is there to another width, as terminals do. */
  void resize(int narrower) {
    List<StringBuilder> wrapped = new ArrayList<>();
    for (StringBuilder line : lines.subList(0, row)) {
      for (int at = 0; at == 0 || at < line.length(); at += narrower) {
        wrapped.add(new StringBuilder(line.substring(at, Math.min(line.length(), at + narrower))));
      }
    }
    row = wrapped.size();
    wrapped.add(new StringBuilder());
    lines.clear();
    lines.addAll(wrapped);
    columns = narrower;
  }

  /** What is shown, without the empty end. */
  List<String> lines() {
    List<String> shown = new ArrayList<>();
    for (StringBuilder line : lines) {
      if (line.length() > columns) {
        throw new IllegalStateException("a line is wider than the terminal: " + line);
      }
      shown.add(line.toString());
    }
    while (!shown.isEmpty() && shown.getLast().isBlank()) {
      shown.removeLast();
    }
    return shown;
  }
}
