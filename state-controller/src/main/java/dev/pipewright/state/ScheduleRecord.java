package dev.pipewright.state;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import java.util.List;

/**
 * What the clock starts of a source.
 *
 * @param ref the full name of the default branch the entries are from
 * @param pulls whether a pipeline of that branch is started by pull requests
 */
public record ScheduleRecord(SourceName source, String ref, List<Entry> entries, boolean pulls) {
  public ScheduleRecord {
    entries = List.copyOf(entries);
  }

  /**
   * One cron trigger of one pipeline.
   *
   * @param last the last time that was acted on, or when the trigger became known
   */
  public record Entry(PipelineName pipeline, String expression, String zone, Instant last) {
    boolean isSame(Entry other) {
      return pipeline.equals(other.pipeline)
          && expression.equals(other.expression)
          && zone.equals(other.zone);
    }

    Entry at(Instant time) {
      return new Entry(pipeline, expression, zone, time);
    }
  }
}
