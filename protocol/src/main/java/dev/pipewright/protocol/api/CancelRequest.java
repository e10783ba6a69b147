package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A person wants a run to end.
 *
 * @param reason why, for the record; null if they do not say
 */
public record CancelRequest(@Nullable String reason) {}
