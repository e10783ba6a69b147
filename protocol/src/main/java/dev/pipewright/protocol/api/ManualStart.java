package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Origin;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person's wish to run a pipeline; {@code ref} null means the default branch, {@code commit} null
 * means the head of the ref. {@code by} is filled in by the State-Controller, whatever a client
 * says, and so are {@code cron}: which time has come, if it is the clock's wish and no person's,
 * and {@code origin}: where the commit of the run comes from that asks for this one.
 */
public record ManualStart(
    PipelineName pipeline,
    @Nullable SourceName source,
    @Nullable String ref,
    @Nullable String commit,
    @Nullable Map<String, String> parameters,
    @Nullable String by,
    @Nullable String cron,
    @Nullable Origin origin) {

  /** The wish of a person. */
  public ManualStart(
      PipelineName pipeline,
      @Nullable SourceName source,
      @Nullable String ref,
      @Nullable String commit,
      @Nullable Map<String, String> parameters,
      @Nullable String by) {
    this(pipeline, source, ref, commit, parameters, by, null, null);
  }

  /** The wish of this person, complete. */
  public ManualStart at(SourceName where, String person) {
    return new ManualStart(
        pipeline, where, ref, commit, parameters == null ? Map.of() : parameters, person);
  }
}
