package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.SkipMarker;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the refs a delivery says were pushed, and gives one reading of all of them: deleted refs
 * and refs other than branches and tags are passed over, those whose commit asks for no run are
 * left out. Confined to one thread.
 */
final class ChangedRefs {
  private static final int LIMIT = 1000;

  private final List<RefChange> wanted = new ArrayList<>();
  private final List<RefChange> skipped = new ArrayList<>();
  private String marker = "";

  /** Who pushed, who wrote the commit, and its message, as far as the sender says so. */
  record Said(@Nullable String by, @Nullable String author, Optional<String> message) {
    static final Said NOTHING = new Said(null, null, Optional.empty());
  }

  /** A ref that moved from one hash to another. */
  record Move(String ref, JsonTree before, JsonTree after) {}

  /** Takes a ref whose name git can have. */
  ChangedRefs add(Move move, Said said) {
    if (RefText.isBranchOrTag(move.ref()) && !Untrusted.isNone(move.after())) {
      CommitId commit = Untrusted.commit(move.after(), "the new commit of the ref");
      add(move.ref(), commit, Untrusted.commit(move.before()).orElse(null), said);
    }
    return this;
  }

  /** Takes a branch or tag that was not deleted; {@code commit} null if it is to be looked up. */
  void add(String ref, @Nullable CommitId commit, @Nullable CommitId before, Said said) {
    RefChange change =
        new RefChange(
            ref.startsWith("refs/heads/") ? ChangeKind.PUSH : ChangeKind.TAG,
            ref,
            commit,
            said.by(),
            Untrusted.subject(said.message()),
            null,
            before,
            said.author(),
            null);
    Optional<String> found = said.message().flatMap(SkipMarker::in);
    found.ifPresent(text -> marker = text);
    (found.isPresent() ? skipped : wanted).add(change);
    if (wanted.size() + skipped.size() > LIMIT) {
      throw new MalformedHookException(
          "The push changes more than " + LIMIT + " refs; push them in parts.");
    }
  }

  /** What is to be done about all of them. */
  Reading reading() {
    if (!wanted.isEmpty()) {
      return new Reading(
          Verdict.BUILD,
          wanted.size() == 1 ? "A ref was pushed." : wanted.size() + " refs were pushed.",
          wanted);
    }
    return skipped.isEmpty()
        ? Reading.of(
            Verdict.IGNORED, "Nothing but deleted refs and refs other than branches and tags.")
        : new Reading(Verdict.SKIPPED, "The commit message says " + marker + ".", skipped);
  }
}
