package dev.pipewright.protocol.api;

/** Proof of life of a launch. */
public record Lease(long fence) {}
