package dev.pipewright.builder.git;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * A commit to be fetched. {@code ref} is the full name of a ref said to hold it: used where a
 * server does not hand out commits by their id; may be null.
 */
public record FetchRequest(SourceName source, String url, CommitId commit, @Nullable String ref) {}
