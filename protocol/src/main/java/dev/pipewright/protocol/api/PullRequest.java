package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * What a sender says of a pull request, a merge request or a change under review. All of it is
 * untrusted.
 *
 * @param number its number at the forge
 * @param title its title; one line
 * @param author who opened it
 * @param foreign true unless the head is plainly a branch of the registered repository: a fork, a
 *     head repository that is gone or not named, a change that nobody has reviewed
 * @param headRef full name of its ref in the head repository
 * @param head the hash of its newest commit; some forges abbreviate it, some leave it out
 * @param baseRef full name of the branch it wants to go to
 * @param base the commit of that branch, where the sender gives it
 */
public record PullRequest(
    long number,
    @Nullable String title,
    @Nullable String author,
    boolean foreign,
    @Nullable String headRef,
    @Nullable String head,
    String baseRef,
    @Nullable CommitId base) {}
