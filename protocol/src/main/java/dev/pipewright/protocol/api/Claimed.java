package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import org.jspecify.annotations.Nullable;

/**
 * A run a Spawner holds, for finding its way after a restart; {@code unit} is null if it was not
 * started yet.
 */
public record Claimed(
    RunId run, long fence, @Nullable String unit, boolean finished, boolean engineSeen) {}
