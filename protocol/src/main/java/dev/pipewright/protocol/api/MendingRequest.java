package dev.pipewright.protocol.api;

/** A person is on a broken pipeline, or is not any more. */
public record MendingRequest(boolean on) {}
