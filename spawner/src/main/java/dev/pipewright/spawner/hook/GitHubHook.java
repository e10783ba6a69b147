package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;

/** Reads what GitHub sends. Only the few members that name a ref and a commit are looked at. */
final class GitHubHook {
  private static final String BRANCH = "refs/heads/";

  private GitHubHook() {}

  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    return switch (event) {
      case "ping" -> Reading.of(Verdict.PING, "GitHub tests the hook.");
      case "push" -> HubEvents.push(root);
      case "pull_request" -> HubEvents.pullRequest(root);
      case "merge_group" -> mergeGroup(root);
      default -> Reading.uninteresting(event);
    };
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
