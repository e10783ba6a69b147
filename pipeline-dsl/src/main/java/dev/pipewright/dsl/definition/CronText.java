package dev.pipewright.dsl.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of a cron expression: minute, hour, day of month, month, day of week; each a
 * {@code *}, a number, a range or a list of those, with an optional {@code /step}.
 */
final class CronText {
  private record Field(String name, int least, int most, List<String> words) {}

  private static final List<Field> FIELDS =
      List.of(
          new Field("minute", 0, 59, List.of()),
          new Field("hour", 0, 23, List.of()),
          new Field("day of month", 1, 31, List.of()),
          new Field(
              "month",
              1,
              12,
              List.of(
                  "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                  "DEC")),
          new Field("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")));

  private CronText() {}

  /** What is wrong with the expression, or null. */
  static @Nullable String problem(String expression) {
    String[] parts = expression.strip().split("[ \\t]+", -1);
    if (parts.length != FIELDS.size()) {
      return "A cron expression has five fields (minute hour day month weekday), but '%s' has %d."
          .formatted(Texts.shown(expression), expression.isBlank() ? 0 : parts.length);
    }
    for (int i = 0; i < parts.length; i++) {
      for (String item : parts[i].split(",", -1)) {
        if (!fits(item, FIELDS.get(i))) {
          return "The %s '%s' of the cron expression '%s' is not a value from %d to %d."
              .formatted(
                  FIELDS.get(i).name(),
                  Texts.shown(item),
                  Texts.shown(expression),
                  FIELDS.get(i).least(),
                  FIELDS.get(i).most());
        }
      }
    }
    return null;
  }

  private static boolean fits(String item, Field field) {
    int slash = item.indexOf('/');
    if (slash >= 0 && number(item.substring(slash + 1), field.most()) < 1) {
      return false;
    }
    String range = slash >= 0 ? item.substring(0, slash) : item;
    if (range.equals("*")) {
      return true;
    }
    int dash = range.indexOf('-');
    int from = value(dash < 0 ? range : range.substring(0, dash), field);
    int to = dash < 0 ? from : value(range.substring(dash + 1), field);
    return from >= 0 && to >= from;
  }

  private static int value(String text, Field field) {
    int word = field.words().indexOf(text.toUpperCase(java.util.Locale.ROOT));
    if (word >= 0) {
      return word + field.least();
    }
    int number = number(text, field.most());
    return number >= field.least() ? number : -1;
  }

  private static int number(String text, int most) {
    if (text.isEmpty() || text.length() > 2 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int number = Integer.parseInt(text);
    return number <= most ? number : -1;
  }
}
