package dev.pipewright.ui.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/** The times of feeds, in every form servers write: with and without zone, fraction or colon. */
final class FeedTime {
  private static final DateTimeFormatter FORM =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("[ ]['T']HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .appendPattern("[XXX][XX][X]")
          .toFormatter(java.util.Locale.ROOT);

  private FeedTime() {}

  /** The instant, read as UTC where there is no zone; null if the text is no time. */
  static @Nullable Instant parse(String text) {
    try {
      TemporalAccessor found =
          FORM.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from);
      return found instanceof OffsetDateTime zoned
          ? zoned.toInstant()
          : LocalDateTime.from(found).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
