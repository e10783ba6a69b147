package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored secret without its value; {@code source} null means all sources. */
public record SecretView(
    String name,
    @Nullable SourceName source,
    String setBy,
    Instant setAt,
    @Nullable Instant usedAt,
    @Nullable RunId usedBy) {}
