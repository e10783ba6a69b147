package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SourceName;
import org.jspecify.annotations.Nullable;

/**
 * The question which pipelines a commit defines. {@code commit} null means the head of {@code ref},
 * and {@code ref} null the default branch. With {@code commitOnly} the commit is found and checked,
 * and its pipeline code, which anybody may have written, is not looked at: the answer has no plans.
 *
 * @param since the commit to compare with, where it matters which files have changed
 */
public record VersionRequest(
    SourceName source,
    @Nullable String ref,
    @Nullable CommitId commit,
    boolean commitOnly,
    @Nullable CommitId since) {

  /** The question with its pipelines, which compares nothing. */
  public VersionRequest(SourceName source, @Nullable String ref, @Nullable CommitId commit) {
    this(source, ref, commit, false, null);
  }
}
