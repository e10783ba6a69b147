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
 * @param note what else is to be known of it, in a sentence, such as that its webhook was missed
 */
public record Cause(
    String kind,
    @Nullable String by,
    @Nullable String message,
    @Nullable String delivery,
    @Nullable String note) {

  /** A cause of which there is nothing else to be known. */
  public Cause(
      String kind, @Nullable String by, @Nullable String message, @Nullable String delivery) {
    this(kind, by, message, delivery, null);
  }
}
