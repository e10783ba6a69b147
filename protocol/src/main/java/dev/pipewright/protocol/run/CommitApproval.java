package dev.pipewright.protocol.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A maintainer vouches for exactly one commit of one pull request.
 *
 * @param by who
 * @param note what they said; untrusted
 */
public record CommitApproval(String by, @Nullable String note, Instant at) {}
