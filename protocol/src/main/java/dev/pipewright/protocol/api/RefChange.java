package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.run.Trust;
import org.jspecify.annotations.Nullable;

/**
 * One ref of a delivery and the commit it now points to. Names and messages are untrusted text.
 *
 * @param ref full name of a ref of the registered repository, where the commit can be fetched
 * @param commit what the ref points to now; null if the sender does not name it in full: then it is
 *     what the ref is found to point to. A tag may name its tag object instead of the commit.
 * @param by who caused the change
 * @param message subject of the commit, or title of the pull request
 * @param baseBranch short name of the branch where a pull request or a merge group wants to go
 * @param before what the ref pointed to before, where the sender says so
 * @param author who wrote the commit
 * @param pull what there is to say of a pull request; null for other changes
 * @param trust how far the commit is trusted, decided from the delivery alone
 */
public record RefChange(
    ChangeKind kind,
    String ref,
    @Nullable CommitId commit,
    @Nullable String by,
    @Nullable String message,
    @Nullable String baseBranch,
    @Nullable CommitId before,
    @Nullable String author,
    @Nullable PullRequest pull,
    Trust trust) {

  public RefChange {
    trust = trust == null ? trustIn(kind, pull) : trust;
  }

  /** A change of which no more is known. */
  public RefChange(
      ChangeKind kind,
      String ref,
      @Nullable CommitId commit,
      @Nullable String by,
      @Nullable String message,
      @Nullable String baseBranch) {
    this(kind, ref, commit, by, message, baseBranch, null, null, null);
  }

  /** A change that is trusted as its kind and its pull request say. */
  public RefChange(
      ChangeKind kind,
      String ref,
      @Nullable CommitId commit,
      @Nullable String by,
      @Nullable String message,
      @Nullable String baseBranch,
      @Nullable CommitId before,
      @Nullable String author,
      @Nullable PullRequest pull) {
    this(kind, ref, commit, by, message, baseBranch, before, author, pull, trustIn(kind, pull));
  }

  /** A pull request of which nothing is known may come from anybody. */
  private static Trust trustIn(ChangeKind kind, @Nullable PullRequest pull) {
    if (pull == null) {
      return kind == ChangeKind.PULL_REQUEST ? Trust.FOREIGN : Trust.TRUSTED;
    }
    return pull.foreign() ? Trust.FOREIGN : Trust.INTERNAL;
  }
}
