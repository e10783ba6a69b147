package dev.pipewright.spawner.launch;

import dev.pipewright.protocol.RunId;
import java.time.Instant;

/** A unit that was launched, now or before a restart. Immutable; says nothing about its state. */
public record Launched(UnitId unit, RunId run, long fence, UnitId workspace, Instant deadline) {}
