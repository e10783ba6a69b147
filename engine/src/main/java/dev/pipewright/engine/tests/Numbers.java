package dev.pipewright.engine.tests;

import org.jspecify.annotations.Nullable;

/** Reads the numbers of reports, which some tools write in the way of their country. */
final class Numbers {
  private static final double LONGEST = 1e9;

  private Numbers() {}

  /** Seconds as {@code 1.5}, {@code 1,234.5} or {@code 0,5}; 0 for anything else. */
  static double seconds(@Nullable String text) {
    if (text == null || text.length() > 30) {
      return 0;
    }
    String number = text.strip();
    int comma = number.lastIndexOf(',');
    boolean decimal = comma >= 0 && number.indexOf('.') < 0 && number.indexOf(',') == comma;
    number = decimal ? number.replace(',', '.') : number.replace(",", "");
    try {
      double seconds = Double.parseDouble(number);
      return seconds >= 0 && seconds <= LONGEST ? seconds : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
