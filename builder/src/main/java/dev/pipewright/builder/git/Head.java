package dev.pipewright.builder.git;

import dev.pipewright.protocol.CommitId;

/** Where a ref points: its full name and the commit. */
public record Head(String ref, CommitId commit) {}
