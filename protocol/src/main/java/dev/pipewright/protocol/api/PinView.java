package dev.pipewright.protocol.api;

import dev.pipewright.protocol.RunId;
import java.time.Instant;

/** A run that is kept until somebody takes the pin away: which one, by whom, since when. */
public record PinView(RunId run, String by, Instant at) {}
