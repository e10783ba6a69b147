package dev.pipewright.protocol.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An earlier attempt of a run.
 *
 * @param reason why it ended so, or what made another attempt necessary
 */
public record PastAttempt(
    int attempt,
    Outcome outcome,
    @Nullable String reason,
    @Nullable Instant startedAt,
    Instant finishedAt) {}
