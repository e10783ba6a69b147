package dev.pipewright.protocol.api;

/** The question for the runtime image of a base image. */
public record ImageRequest(String base) {}
