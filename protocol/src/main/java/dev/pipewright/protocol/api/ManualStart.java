package dev.pipewright.protocol.api;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person's wish to run a pipeline; {@code ref} null means the default branch, {@code commit} null
 * means the head of the ref. {@code by} is filled in by the State-Controller, whatever a client
 * says.
 */
public record ManualStart(
    PipelineName pipeline,
    @Nullable SourceName source,
    @Nullable String ref,
    @Nullable String commit,
    @Nullable Map<String, String> parameters,
    @Nullable String by) {}
