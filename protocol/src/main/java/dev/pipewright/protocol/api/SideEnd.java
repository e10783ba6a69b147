package dev.pipewright.protocol.api;

/** An engine does not need a container beside its own any more. */
public record SideEnd(long fence, String key) {}
