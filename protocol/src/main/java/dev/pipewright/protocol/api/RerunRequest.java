package dev.pipewright.protocol.api;

import dev.pipewright.protocol.StepPath;
import org.jspecify.annotations.Nullable;

/**
 * A person wants another attempt of a finished run.
 *
 * @param from the step to begin at; null for the start
 */
public record RerunRequest(@Nullable StepPath from, @Nullable String reason) {}
