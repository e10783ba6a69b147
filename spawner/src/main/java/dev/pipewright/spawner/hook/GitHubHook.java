package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.ForgeKind;
import dev.pipewright.protocol.api.MergeQueue;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;

/** Reads what GitHub sends. Only the few members that name a ref and a commit are looked at. */
final class GitHubHook {
  private static final String BRANCH = "refs/heads/";

  private GitHubHook() {}

  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    return switch (event) {
      case "ping" -> Reading.of(Verdict.PING, "GitHub tests the hook.");
      case "push" -> push(root);
      case "pull_request" -> HubEvents.pullRequest(root);
      case "merge_group" -> mergeGroup(root);
      default -> Reading.uninteresting(event);
    };
  }

  /**
   * A push to a merge queue is the same change as its merge group, whose checks are not skipped.
   */
  private static Reading push(JsonTree root) {
    Reading reading = HubEvents.push(root);
    List<RefChange> changes = reading.changes().stream().map(GitHubHook::inQueue).toList();
    boolean queued = changes.stream().anyMatch(one -> one.kind() == ChangeKind.MERGE_GROUP);
    return queued ? new Reading(Verdict.BUILD, "A merge group was pushed.", changes) : reading;
  }

  private static RefChange inQueue(RefChange change) {
    return MergeQueue.of(ForgeKind.GITHUB, change.ref())
        .map(
            queue ->
                new RefChange(
                    ChangeKind.MERGE_GROUP,
                    change.ref(),
                    change.commit(),
                    change.by(),
                    change.message(),
                    queue.baseBranch(),
                    queue.base(),
                    change.author(),
                    null))
        .orElse(change);
  }

  private static Reading mergeGroup(JsonTree root) {
    if (!root.at("action").text().orElse("").equals("checks_requested")) {
      return Reading.of(Verdict.IGNORED, "This action on a merge group starts nothing.");
    }
    JsonTree group = root.at("merge_group");
    String ref = Untrusted.branch(group.at("head_ref"), "merge_group.head_ref");
    RefChange change =
        new RefChange(
            ChangeKind.MERGE_GROUP,
            ref,
            Untrusted.commit(group.at("head_sha"), "merge_group.head_sha"),
            Untrusted.person(root.at("sender", "login")),
            Untrusted.subject(group.at("head_commit", "message").text()),
            Untrusted.branch(group.at("base_ref"))
                .map(base -> base.substring(BRANCH.length()))
                .orElse(null),
            Untrusted.commit(group.at("base_sha")).orElse(null),
            Untrusted.person(group.at("head_commit", "author", "name")),
            null);
    return Reading.of(Verdict.BUILD, "A merge group asks for checks.", change);
  }
}
