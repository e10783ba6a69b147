package dev.pipewright.protocol.api;

/** A Builder's answer to a claimed image request. */
public record ImageResolved(String base, long fence, ImageAnswer answer) {}
