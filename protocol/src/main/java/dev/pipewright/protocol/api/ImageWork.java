package dev.pipewright.protocol.api;

/** An image request a Builder has claimed. */
public record ImageWork(String base, long fence) {}
