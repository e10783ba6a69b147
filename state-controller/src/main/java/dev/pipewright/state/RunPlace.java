package dev.pipewright.state;

import dev.pipewright.protocol.ProtocolException;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;

/**
 * The place of a run among those of all pipelines, newest first. It stays the same when others come
 * or go, and also when the run itself is gone.
 */
record RunPlace(Instant queuedAt, RunId run) implements Comparable<RunPlace> {
  private static final Comparator<RunPlace> NEWEST_FIRST =
      Comparator.comparing(RunPlace::queuedAt)
          .thenComparing(place -> place.run().pipeline())
          .thenComparing(place -> place.run().number())
          .reversed();

  static RunPlace of(RunSnapshot run) {
    return new RunPlace(run.queuedAt(), run.id());
  }

  /**
   * Reads what {@link #toString} gives.
   *
   * @throws ApiException MALFORMED if it is something else
   */
  static RunPlace parse(String text) {
    int end = text.indexOf('/');
    if (end < 0) {
      throw PageCursor.malformed(text);
    }
    try {
      return new RunPlace(
          Instant.parse(text.substring(0, end)), RunId.parse(text.substring(end + 1)));
    } catch (DateTimeException | ProtocolException e) {
      throw PageCursor.malformed(text);
    }
  }

  @Override
  public int compareTo(RunPlace other) {
    return NEWEST_FIRST.compare(this, other);
  }

  @Override
  public String toString() {
    return queuedAt + "/" + run;
  }
}
