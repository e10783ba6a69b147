package dev.pipewright.protocol.api;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.run.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a version request stands. READY with no plans means the commit holds no pipeline code;
 * {@code commit} and {@code ref} are what was asked for, resolved. {@code changed} are the files
 * that differ from the commit it was compared with; none if that is not known, or if there are too
 * many. {@code skip} are the words in the commit's message that ask for no run, if there are any.
 */
public record VersionAnswer(
    State state,
    @Nullable String reason,
    @Nullable String ref,
    @Nullable CommitId commit,
    @Nullable String versionKey,
    @Nullable BlobDigest bundle,
    List<Plan> plans,
    @Nullable String author,
    @Nullable String subject,
    List<String> changed,
    @Nullable String skip) {
  public VersionAnswer {
    plans = List.copyOf(plans);
    changed = changed == null ? List.of() : List.copyOf(changed);
  }

  /** An answer that compares nothing. */
  public VersionAnswer(
      State state,
      @Nullable String reason,
      @Nullable String ref,
      @Nullable CommitId commit,
      @Nullable String versionKey,
      @Nullable BlobDigest bundle,
      List<Plan> plans,
      @Nullable String author,
      @Nullable String subject) {
    this(state, reason, ref, commit, versionKey, bundle, plans, author, subject, List.of(), null);
  }

  /** This answer with the files that differ from the commit it was to be compared with. */
  public VersionAnswer changing(List<String> files) {
    return new VersionAnswer(
        state, reason, ref, commit, versionKey, bundle, plans, author, subject, files, skip);
  }

  /** This answer for the same commit as the head, or in the history, of another ref. */
  public VersionAnswer on(String other) {
    return new VersionAnswer(
        state, reason, other, commit, versionKey, bundle, plans, author, subject, changed, skip);
  }

  /**
   * This answer with the author and the subject of the commit, both untrusted text, and what in its
   * message asks for no run.
   */
  public VersionAnswer madeBy(
      @Nullable String by, @Nullable String what, @Nullable String skipping) {
    return new VersionAnswer(
        state, reason, ref, commit, versionKey, bundle, plans, by, what, changed, skipping);
  }

  /** Where the request stands. */
  public enum State {
    PENDING,
    READY,
    FAILED,
    /** The repository has no such ref, or not this commit there; it may have it in a moment. */
    ABSENT,
    /** It could not be found out for a reason that passes by: ask again later. */
    UNAVAILABLE
  }
}
