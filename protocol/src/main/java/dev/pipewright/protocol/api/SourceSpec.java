package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * A repository to register. {@code forge} is plain-git (default) or github; {@code folder} holds
 * the pipeline code (default .pipewright); {@code secret} signs its webhooks.
 */
public record SourceSpec(
    SourceName name,
    String url,
    @Nullable String forge,
    @Nullable String secret,
    @Nullable String folder,
    @Nullable String defaultBranch) {}
