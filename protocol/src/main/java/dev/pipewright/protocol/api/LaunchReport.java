package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/** A Spawner tells that the unit of a run was started. */
public record LaunchReport(long fence, String unit, @Nullable String image) {}
