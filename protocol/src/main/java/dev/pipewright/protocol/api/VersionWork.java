package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/** A version request a Builder has claimed; see {@link VersionRequest}. */
public record VersionWork(
    String id,
    SourceView source,
    @Nullable String ref,
    @Nullable CommitId commit,
    @Nullable String by,
    boolean commitOnly,
    long fence,
    @Nullable CommitId since) {}
