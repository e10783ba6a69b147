package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether a lock is held now. If not, the wish stays in the line until it is granted, which an
 * {@link dev.pipewright.protocol.run.Answer} tells, or until it is given back.
 *
 * @param grant number of this grant, growing with every grant of the lock; 0 while waiting
 * @param owner in words, who holds it; null if granted
 * @param ahead how many wait before this one
 */
public record LockAnswer(boolean granted, long grant, @Nullable String owner, int ahead) {}
