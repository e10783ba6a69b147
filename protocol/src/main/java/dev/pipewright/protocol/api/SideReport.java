package dev.pipewright.protocol.api;

import org.jspecify.annotations.Nullable;

/**
 * A Spawner tells how a container beside an engine stands. What has ended or failed does not change
 * any more.
 *
 * @param reason in words, once it ended or could not be started
 * @param output the last of what a service printed, once it ended
 */
public record SideReport(
    long fence,
    String key,
    SideView.State state,
    @Nullable Integer exitCode,
    @Nullable String reason,
    @Nullable String output) {}
