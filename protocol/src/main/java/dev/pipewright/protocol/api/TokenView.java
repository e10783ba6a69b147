package dev.pipewright.protocol.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that was made, without what it is.
 *
 * @param expires when it is no longer believed; null for never
 * @param used the hour of its last use, which may be an hour late; null for never
 */
public record TokenView(
    String name,
    Role role,
    String madeBy,
    Instant madeAt,
    @Nullable Instant expires,
    @Nullable Instant used) {}
