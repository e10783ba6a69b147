package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/** A version request a Builder has claimed. */
public record VersionWork(
    String id,
    SourceView source,
    @Nullable String ref,
    @Nullable CommitId commit,
    @Nullable String by,
    long fence) {}
