package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * A branch, a tag or the head of a pull request as the repository itself lists it.
 *
 * @param ref its full name; untrusted text
 * @param commit what it points to
 * @param tag the object of an annotated tag; null for everything else
 */
public record RemoteRef(String ref, CommitId commit, @Nullable CommitId tag) {}
