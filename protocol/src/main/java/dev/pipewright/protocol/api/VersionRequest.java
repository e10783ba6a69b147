package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * The question which pipelines a commit defines. {@code commit} null means the head of {@code ref},
 * and {@code ref} null the default branch.
 */
public record VersionRequest(SourceName source, @Nullable String ref, @Nullable CommitId commit) {}
