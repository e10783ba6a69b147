package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of a run.
 *
 * @param title one line: which run, and what of it
 * @param by who caused the run, as far as that is known
 * @param message subject of the commit
 * @param url the run, for browsers
 */
public record Notification(
    NotificationEvent event,
    RunId run,
    int attempt,
    SourceName source,
    String ref,
    CommitId commit,
    String title,
    @Nullable String by,
    @Nullable String message,
    URI url,
    Instant at) {}
