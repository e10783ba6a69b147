package dev.pipewright.dsl.definition;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the form of a cron expression: minute, hour, day of month, month, day of week; each a
 * {@code *}, a number, a range or a list of those, with an optional {@code /step}; or a word like
 * {@code @daily}. The State-Controller reads the same form.
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

  private static final Set<String> WORDS =
      Set.of("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually");

  /** The most days of each month. */
  private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  /** What is wrong with the expression, or null. */
  static @Nullable String problem(String expression) {
    String word = expression.strip().toLowerCase(Locale.ROOT);
    if (word.startsWith("@")) {
      return WORDS.contains(word)
          ? null
          : "There is no '%s'. Write @hourly, @daily, @weekly, @monthly, @yearly or five fields."
              .formatted(Texts.shown(expression));
    }
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
    return comes(parts)
        ? null
        : "None of the months of the cron expression '%s' has such a day."
            .formatted(Texts.shown(expression));
  }

  /** False for the 31st of short months; a restricted day of week comes in any month. */
  private static boolean comes(String[] parts) {
    if (!parts[4].startsWith("*")) {
      return true;
    }
    int day = least(parts[2], FIELDS.get(2));
    for (int month = 1; month <= DAYS.length; month++) {
      if (day <= DAYS[month - 1] && names(parts[3], month)) {
        return true;
      }
    }
    return false;
  }

  private static int least(String field, Field of) {
    int least = of.most();
    for (String item : field.split(",", -1)) {
      least = Math.min(least, from(item, of));
    }
    return least;
  }

  private static int from(String item, Field of) {
    return item.startsWith("*") ? of.least() : value(item.split("[-/]", 2)[0], of);
  }

  private static boolean names(String months, int month) {
    Field field = FIELDS.get(3);
    for (String item : months.split(",", -1)) {
      String[] steps = item.split("/", 2);
      String[] ends = steps[0].split("-", 2);
      int from = from(item, field);
      boolean open = item.startsWith("*") || (ends.length == 1 && steps.length > 1);
      int to = open ? field.most() : value(ends[ends.length - 1], field);
      int step = steps.length > 1 ? number(steps[1], field.most()) : 1;
      if (month >= from && month <= to && (month - from) % step == 0) {
        return true;
      }
    }
    return false;
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
    int word = field.words().indexOf(text.toUpperCase(Locale.ROOT));
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
