package dev.pipewright.protocol.event;

import java.time.Instant;

/**
 * An event with its place in the run.
 *
 * @param seq counts from 1 without gaps within one launch; {@code (run, fence, seq)} is unique, so
 *     sending an event twice is harmless
 * @param at when it happened, by the engine's clock
 */
public record EventEnvelope(long seq, Instant at, RunEvent event) {}
