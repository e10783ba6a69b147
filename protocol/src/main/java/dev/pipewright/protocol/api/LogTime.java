package dev.pipewright.protocol.api;

import java.time.Instant;

/**
 * When output was printed: the bytes from {@code offset} on at {@code at}, up to the next such time
 * of the same output. There is one for each second in which something was printed.
 */
public record LogTime(long offset, Instant at) {}
