package dev.pipewright.standalone.client;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text for terminals, safe to print whatever it was made of. */
public final class Texts {
  private Texts() {}

  /**
   * Untrusted text on one line: control characters, also those that turn the direction of writing,
   * become blanks, long text is cut.
   */
  public static String line(@Nullable String text, int limit) {
    if (text == null) {
      return "";
    }
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .limit(limit + 1L)
        .forEach(c -> clean.appendCodePoint(isHarmless(c) ? c : ' '));
    return clean.length() <= limit ? clean.toString() : clean.substring(0, limit - 1) + "…";
  }

  private static boolean isHarmless(int c) {
    return !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
  }

  /** The state or, once finished, the outcome as a word. */
  public static String word(Phase state, @Nullable Outcome outcome) {
    return outcome == null ? state.name() : outcome.name();
  }

  /** A duration as people say it: 850 ms, 12.3 s, 4 min 05 s. */
  public static String duration(@Nullable Instant from, @Nullable Instant to) {
    if (from == null || to == null) {
      return "";
    }
    Duration time = Duration.between(from, to);
    if (time.toMillis() < 1000) {
      return Math.max(0, time.toMillis()) + " ms";
    }
    if (time.toSeconds() < 60) {
      return "%.1f s".formatted(time.toMillis() / 1000.0);
    }
    return "%d min %02d s".formatted(time.toMinutes(), time.toSecondsPart());
  }

  /** Text of many lines, each safe to print and cut to {@code limit}; blank ones are left out. */
  public static List<String> lines(@Nullable String text, int limit) {
    return text == null
        ? List.of()
        : text.lines().filter(line -> !line.isBlank()).map(line -> line(line, limit)).toList();
  }

  /** An instant in whole seconds: 2026-03-01T10:15:30Z. */
  public static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A branch or tag by its short name, other refs in full. */
  public static String ref(String ref, int limit) {
    return line(ref.replaceFirst("^refs/(heads|tags)/", ""), limit);
  }

  /** Rows as columns, each as wide as its widest cell. */
  public static List<String> table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (widths.size() == i) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i + 1 < row.size()) {
          line.repeat(' ', widths.get(i) - row.get(i).length() + 2);
        }
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
