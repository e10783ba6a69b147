package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * One ref of a delivery and the commit it now points to. Names and messages are untrusted text;
 * {@code baseBranch} is where a pull request wants to go.
 */
public record RefChange(
    ChangeKind kind,
    String ref,
    CommitId commit,
    @Nullable String by,
    @Nullable String message,
    @Nullable String baseBranch) {}
