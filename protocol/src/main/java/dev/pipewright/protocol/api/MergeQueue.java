package dev.pipewright.protocol.api;

import dev.pipewright.protocol.CommitId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a branch tells that a forge has made for its merge queue. Such a branch holds
 * what the base branch would be with some pull requests; a push of it and the event of the merge
 * group tell of the same change.
 *
 * @param baseBranch short name of the branch where the pull requests want to go
 * @param base the commit of that branch they were put on
 */
public record MergeQueue(String baseBranch, CommitId base) {
  private static final Pattern GITHUB =
      Pattern.compile("refs/heads/gh-readonly-queue/(.+)/pr-\\d+-([0-9a-f]{40}|[0-9a-f]{64})");

  /** The queue that a ref with this full name belongs to; empty for every other ref. */
  public static Optional<MergeQueue> of(ForgeKind forge, String ref) {
    if (forge != ForgeKind.GITHUB) {
      return Optional.empty();
    }
    Matcher matcher = GITHUB.matcher(ref);
    return matcher.matches()
        ? Optional.of(new MergeQueue(matcher.group(1), new CommitId(matcher.group(2))))
        : Optional.empty();
  }
}
