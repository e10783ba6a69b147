package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline with what people want to know at a glance. {@code outcome} is that of the last
 * finished run that was not cancelled; {@code since} is when that began; {@code recent} is oldest
 * first; {@code mending} is who is on it while it is broken.
 *
 * @param state that of {@code current}; FINISHED without one
 * @param current of the runs that are not over the one that tells most: those on the ref that
 *     stands for the pipeline first, then what runs before what is queued before what waits
 * @param waiting how many of its runs wait for somebody or something, {@code current} included
 */
public record PipelineView(
    PipelineName name,
    SourceName source,
    Phase state,
    @Nullable Outcome outcome,
    @Nullable Instant since,
    @Nullable String brokenBy,
    @Nullable Long typicalSeconds,
    @Nullable RunSnapshot lastFinished,
    @Nullable RunSnapshot current,
    List<Recent> recent,
    @Nullable Mending mending,
    int waiting) {
  public PipelineView {
    recent = List.copyOf(recent);
  }

  /** One of the last finished runs; {@code seconds} is how long it ran. */
  public record Recent(long number, Outcome outcome, long seconds) {}
}
