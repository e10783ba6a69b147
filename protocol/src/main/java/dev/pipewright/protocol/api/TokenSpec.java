package dev.pipewright.protocol.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token to make for a person or a program.
 *
 * @param name whose it is, as it is shown wherever something is done with it; one token per name
 * @param expires when it is no longer believed; null for never
 */
public record TokenSpec(String name, Role role, @Nullable Instant expires) {}
