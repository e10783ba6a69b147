package dev.pipewright.spawner.inbox;

import dev.pipewright.protocol.api.ManualStart;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.VersionAnswer;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Trust;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the commits of runs come from, as far as that can be told without the repository. Pure. */
final class Origins {
  static final String HEADS = "refs/heads/";
  private static final String TAGS = "refs/tags/";

  /** How the forges name the head of a pull request in the repository where it wants to go. */
  private static final Pattern PULL =
      Pattern.compile(
          "refs/(?:pull|pull-requests|merge-requests|changes/[0-9]{2})/([1-9][0-9]{0,14})/.+");

  private Origins() {}

  static Origin of(RefChange change) {
    PullRequest pull = change.pull();
    boolean foreign = change.trust() == Trust.FOREIGN;
    return new Origin(
        change.trust(),
        pull == null ? number(change.ref()) : Long.valueOf(pull.number()),
        foreign ? baseRef(change, pull) : null,
        null,
        null);
  }

  private static @Nullable String baseRef(RefChange change, @Nullable PullRequest pull) {
    if (pull != null) {
      return pull.baseRef();
    }
    return change.baseBranch() == null ? null : HEADS + change.baseBranch();
  }

  /**
   * The origin of what somebody wants to start. Only branches and tags are for those who may push:
   * whatever other refs there are, anybody may have made.
   */
  static Origin of(ManualStart start) {
    Origin asking = start.origin();
    if (asking != null) {
      return asking;
    }
    String ref = start.ref();
    if (ref == null || !ref.startsWith("refs/") || ref.startsWith(HEADS) || ref.startsWith(TAGS)) {
      return Origin.TRUSTED;
    }
    return new Origin(Trust.FOREIGN, number(ref), null, null, null);
  }

  /** Which pull request a ref is the head of, if it is one of those. */
  private static @Nullable Long number(String ref) {
    Matcher pull = PULL.matcher(ref);
    return pull.matches() ? Long.valueOf(pull.group(1)) : null;
  }

  /** The same with the commit whose pipeline code is used. */
  static Origin with(Origin origin, VersionAnswer code) {
    return origin.trust() == Trust.FOREIGN
        ? new Origin(origin.trust(), origin.pull(), code.ref(), code.commit(), null)
        : origin;
  }
}
