package dev.pipewright.protocol.run;

import org.jspecify.annotations.Nullable;

/**
 * What started a run.
 *
 * @param kind {@code push}, {@code tag}, {@code pull_request}, {@code merge_group}, {@code manual},
 *     {@code cron}, {@code pipeline} (a run of another pipeline, named in {@code by}) or {@code
 *     pipeline_code} (the built-in run that compiles pipeline code)
 * @param by who started it, as far as known; untrusted text
 * @param message subject of the commit, as far as known; untrusted text
 * @param delivery id of the delivery that led to it
 */
public record Cause(
    String kind, @Nullable String by, @Nullable String message, @Nullable String delivery) {}
