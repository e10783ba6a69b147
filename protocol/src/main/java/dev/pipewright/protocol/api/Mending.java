package dev.pipewright.protocol.api;

import java.time.Instant;

/** Somebody has said that they are on a broken pipeline; over when it is not broken any more. */
public record Mending(String by, Instant since) {}
