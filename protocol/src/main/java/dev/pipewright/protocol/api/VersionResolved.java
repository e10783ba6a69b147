package dev.pipewright.protocol.api;

/** A Builder's answer to a claimed version request. */
public record VersionResolved(String id, long fence, VersionAnswer answer) {}
