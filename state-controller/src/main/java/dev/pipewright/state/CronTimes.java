package dev.pipewright.state;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The times a cron expression names. A time that is left out when clocks go forward comes at the
 * moment they do, and one that is there twice when they go back comes the first time; where the
 * hour is {@code *}, with a step or without, those hours are taken as they are: none is added, and
 * both of the two count. Pure.
 */
public final class CronTimes {
  /** February 29th comes after eight years at the latest. */
  private static final int MOST_DAYS = 366 * 8;

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final Map<String, String> WORDS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean everyHour;
  private final boolean everyDay;
  private final boolean everyWeekday;
  private final ZoneId zone;

  private CronTimes(String[] fields, ZoneId zone) {
    this.minutes = values(fields[0], 0, 59, List.of());
    this.hours = values(fields[1], 0, 23, List.of());
    this.days = values(fields[2], 1, 31, List.of());
    this.months = values(fields[3], 1, 12, MONTHS);
    this.weekdays = values(fields[4], 0, 7, DAYS);
    if (weekdays.get(7)) {
      weekdays.set(0);
    }
    this.everyHour = fields[1].startsWith("*");
    this.everyDay = fields[2].startsWith("*");
    this.everyWeekday = fields[4].startsWith("*");
    this.zone = zone;
  }

  /**
   * Reads an expression: minute, hour, day of month, month, day of week, or a word like {@code
   * @daily}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static CronTimes of(String expression, ZoneId zone) {
    String text = expression.strip();
    String[] fields = WORDS.getOrDefault(text.toLowerCase(Locale.ROOT), text).split("[ \\t]+", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException("A cron expression has five fields: " + text);
    }
    return new CronTimes(fields, zone);
  }

  private static BitSet values(String field, int least, int most, List<String> names) {
    BitSet values = new BitSet();
    for (String item : field.split(",", -1)) {
      int slash = item.indexOf('/');
      int step = slash < 0 ? 1 : number(item.substring(slash + 1), 1, most);
      String range = slash < 0 ? item : item.substring(0, slash);
      int dash = range.indexOf('-');
      int from = least;
      int to = most;
      if (!range.equals("*")) {
        from = value(dash < 0 ? range : range.substring(0, dash), least, most, names);
        to = dash < 0 ? from : value(range.substring(dash + 1), least, most, names);
        to = dash < 0 && slash >= 0 ? most : to;
      }
      if (to < from) {
        throw new IllegalArgumentException("The range '" + item + "' is the wrong way round.");
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int value(String text, int least, int most, List<String> names) {
    int name = names.indexOf(text.toUpperCase(Locale.ROOT));
    return name >= 0 ? name + least : number(text, least, most);
  }

  private static int number(String text, int least, int most) {
    if (text.matches("[0-9]{1,2}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a value from %d to %d.".formatted(text, least, most));
  }

  /** The first time after {@code after}; nothing if the expression never comes. */
  public Optional<Instant> next(Instant after) {
    LocalDate first = LocalDate.ofInstant(after, zone);
    for (int i = 0; i < MOST_DAYS; i++) {
      LocalDate day = first.plusDays(i);
      if (names(day)) {
        Instant next = times(day).higher(after);
        if (next != null) {
          return Optional.of(next);
        }
      }
    }
    return Optional.empty();
  }

  /** As cron has it: if both kinds of day are restricted, either is enough. */
  private boolean names(LocalDate day) {
    boolean monthly = days.get(day.getDayOfMonth());
    boolean weekly = weekdays.get(day.getDayOfWeek().getValue() % 7);
    return months.get(day.getMonthValue())
        && ((everyDay || everyWeekday) ? (monthly && weekly) : (monthly || weekly));
  }

  private NavigableSet<Instant> times(LocalDate day) {
    ZoneRules rules = zone.getRules();
    NavigableSet<Instant> times = new TreeSet<>();
    for (int hour = hours.nextSetBit(0); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
      for (int min = minutes.nextSetBit(0); min >= 0; min = minutes.nextSetBit(min + 1)) {
        LocalDateTime time = day.atTime(hour, min);
        List<ZoneOffset> offsets = rules.getValidOffsets(time);
        if (offsets.isEmpty() && !everyHour) {
          times.add(rules.getTransition(time).getInstant());
        }
        for (ZoneOffset offset : everyHour ? offsets : offsets.stream().limit(1).toList()) {
          times.add(time.toInstant(offset));
        }
      }
    }
    return times;
  }
}
