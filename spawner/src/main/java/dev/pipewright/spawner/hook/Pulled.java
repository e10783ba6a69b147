package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SkipMarker;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pull request whose commit is to be built.
 *
 * @param what its name at this forge, for people
 * @param ref where its commit can be fetched in the registered repository
 * @param message the message of its newest commit, where the sender gives it
 */
record Pulled(
    String what,
    PullRequest pull,
    String ref,
    @Nullable CommitId commit,
    @Nullable String by,
    @Nullable String author,
    Optional<String> message) {
  private static final String BRANCH = "refs/heads/";

  /** The number of a pull request, in one of these places. */
  static long number(JsonTree... places) {
    for (JsonTree place : places) {
      Optional<Long> number = Untrusted.number(place);
      if (number.isPresent()) {
        return number.get();
      }
    }
    throw new MalformedHookException("The body has no number of the pull request.");
  }

  /** True unless both are there and the same. */
  static boolean differ(Optional<String> head, Optional<String> base) {
    return head.isEmpty() || base.isEmpty() || !head.get().equalsIgnoreCase(base.get());
  }

  Reading reading() {
    RefChange change =
        new RefChange(
            ChangeKind.PULL_REQUEST,
            ref,
            commit,
            by,
            pull.title(),
            pull.baseRef().substring(BRANCH.length()),
            null,
            author,
            pull);
    Optional<String> marker = message.flatMap(SkipMarker::in);
    if (marker.isPresent()) {
      return Reading.of(Verdict.SKIPPED, "The commit message says " + marker.get() + ".", change);
    }
    return pull.foreign()
        ? Reading.of(
            Verdict.BUILD_UNTRUSTED,
            what + " from outside the repository has a new commit.",
            change)
        : Reading.of(Verdict.BUILD, what + " has a new commit.", change);
  }
}
