package dev.pipewright.protocol.api;

/** A look at the refs of a source that a Builder has claimed. */
public record LookWork(SourceView source, long fence) {}
