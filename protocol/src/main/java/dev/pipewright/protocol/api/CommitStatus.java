package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import java.net.URI;

/**
 * What a forge is told of one commit.
 *
 * @param ref full name of the ref the run is of
 * @param context tells statuses of one commit apart: a later one of the same context replaces the
 *     earlier one
 * @param description a few words for people, at most 140 characters
 * @param url the run, for browsers
 */
public record CommitStatus(
    StatusState state,
    RunId run,
    CommitId commit,
    String ref,
    String context,
    String description,
    URI url) {}
