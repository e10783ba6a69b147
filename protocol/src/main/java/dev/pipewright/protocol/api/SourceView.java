package dev.pipewright.protocol.api;

import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A registered repository; {@code signed} if its webhooks must be signed. */
public record SourceView(
    SourceName name,
    String url,
    String forge,
    String folder,
    @Nullable String defaultBranch,
    boolean signed,
    Instant createdAt) {}
