package dev.pipewright.protocol.run;

import org.jspecify.annotations.Nullable;

/**
 * How much each container of a run asks for. The server gives that, but never more than it allows
 * any run; where runs have no containers, it cannot hold it.
 *
 * @param memoryBytes of memory; null for as much as the server allows
 * @param cpus how many processors' worth of time; null for as many as the server allows
 */
public record Resources(@Nullable Long memoryBytes, @Nullable Double cpus) {}
