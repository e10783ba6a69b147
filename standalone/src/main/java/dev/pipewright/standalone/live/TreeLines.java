package dev.pipewright.standalone.live;

import dev.pipewright.protocol.run.Phase;
import dev.pipewright.standalone.client.Texts;
import dev.pipewright.standalone.live.Line.Style;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A tree as lines that fit on a screen. Pure. */
final class TreeLines {
  private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

  private TreeLines() {}

  /**
   * The lines, at most {@code height} of them: what is running or waiting is always shown, what is
   * finished or to come is summed up where there is no room.
   */
  static List<Line> of(List<Row> rows, Instant now, int height) {
    List<Line> all = new ArrayList<>();
    rows.forEach(row -> add(row, now, all));
    if (all.size() <= height) {
      return all;
    }
    List<Line> busy = new ArrayList<>();
    int finished = 0;
    int pending = 0;
    for (Row row : rows) {
      switch (row.phase) {
        case FINISHED -> finished++;
        case PENDING, QUEUED -> pending++;
        case RUNNING, WAITING -> add(row, now, busy);
      }
    }
    List<Line> shown = new ArrayList<>();
    shown.add(Line.of("  … " + finished + " finished", Style.FAINT));
    int room = Math.max(1, height - 2);
    shown.addAll(busy.subList(0, Math.min(busy.size(), room)));
    shown.add(Line.of("  … " + pending + " to come", Style.FAINT));
    return shown.subList(0, Math.min(shown.size(), Math.max(1, height)));
  }

  /** One step as it is shown for good. */
  static Line row(Row row, Instant now) {
    String indent = "  " + "  ".repeat(row.depth);
    String time = Texts.duration(row.started, row.finished == null ? now : row.finished);
    Line line =
        Line.of(indent, Style.PLAIN)
            .and(symbol(row, now), style(row))
            .and(" " + row.mark, Style.FAINT)
            .and(
                Texts.line(row.path.name(), 120),
                row.phase == Phase.PENDING ? Style.FAINT : Style.PLAIN);
    if (row.phase != Phase.PENDING && !time.isEmpty()) {
      line = line.and("  " + time, Style.FAINT);
    }
    if (row.attempt > 1) {
      line = line.and("  attempt " + row.attempt, Style.ODD);
    }
    if (row.phase == Phase.WAITING) {
      return line.and("  waits " + row.waiting, Style.ODD);
    }
    if (row.phase == Phase.FINISHED && row.reason != null) {
      return line.and("  " + Texts.line(row.reason, 300), style(row));
    }
    return line;
  }

  private static void add(Row row, Instant now, List<Line> lines) {
    lines.add(row(row, now));
    String tail = row.tail();
    if (row.phase == Phase.RUNNING && !tail.isEmpty()) {
      lines.add(Line.of("  " + "  ".repeat(row.depth) + "  │ " + tail, Style.FAINT));
    }
  }

  private static String symbol(Row row, Instant now) {
    return switch (row.phase) {
      case PENDING, QUEUED -> "·";
      case RUNNING -> SPINNER[(int) (now.toEpochMilli() / 100 % SPINNER.length)];
      case WAITING -> "?";
      case FINISHED ->
          row.outcome == null
              ? " "
              : switch (row.outcome) {
                case SUCCEEDED -> "✓";
                case FAILED -> "✗";
                case ERRORED -> "!";
                case TIMED_OUT -> "⧖";
                case CANCELLED -> "■";
                case SKIPPED -> "-";
              };
    };
  }

  private static Style style(Row row) {
    return switch (row.phase) {
      case PENDING, QUEUED -> Style.FAINT;
      case RUNNING -> Style.BUSY;
      case WAITING -> Style.ODD;
      case FINISHED ->
          row.outcome == null
              ? Style.PLAIN
              : switch (row.outcome) {
                case SUCCEEDED -> Style.GOOD;
                case FAILED, ERRORED, TIMED_OUT -> Style.BAD;
                case CANCELLED -> Style.ODD;
                case SKIPPED -> Style.FAINT;
              };
    };
  }
}
