package dev.pipewright.protocol.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the State-Controller wants a launch to know: whether the run is over, and who wants it
 * cancelled and why.
 */
public record Control(
    boolean finished,
    @Nullable String cancelledBy,
    @Nullable String cancelReason,
    @Nullable Instant cancelledAt) {}
