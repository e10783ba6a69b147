package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A claimed message of the outbox: either {@code status} for {@code forge}, or {@code notification}
 * for {@code target}.
 */
public record OutboxWork(
    String id,
    long fence,
    @Nullable CommitStatus status,
    @Nullable StatusTarget forge,
    @Nullable Notification notification,
    @Nullable NotificationTarget target) {}
