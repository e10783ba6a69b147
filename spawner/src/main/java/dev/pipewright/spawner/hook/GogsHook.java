package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.Optional;

/** Reads what Gogs sends, and Gitea and Forgejo, which descend from it. */
final class GogsHook {
  private GogsHook() {}

  /** Gitea and Forgejo send a push for a tag, too: their {@code create} says nothing new. */
  static Reading readGitea(String event, HookRequest request) {
    JsonTree root = request.tree();
    return switch (event) {
      case "push" -> HubEvents.push(root);
      case "pull_request", "pull_request_sync" -> HubEvents.pullRequest(root);
      case "ping" -> Reading.of(Verdict.PING, "The forge tests the hook.");
      default -> Reading.uninteresting(event);
    };
  }

  /** Of a new tag Gogs sends nothing but {@code create}. */
  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    return event.equals("create") && root.at("ref_type").text().orElse("").equals("tag")
        ? tag(root)
        : readGitea(event, request);
  }

  private static Reading tag(JsonTree root) {
    String name = root.at("ref").text().orElse("");
    String ref = name.startsWith("refs/tags/") ? name : "refs/tags/" + name;
    if (!RefText.isFull(ref)) {
      throw new MalformedHookException("The body has no name git can have as ref.");
    }
    ChangedRefs.Said said =
        new ChangedRefs.Said(
            Untrusted.person(root.at("sender", "login"), root.at("sender", "username")),
            null,
            Optional.empty());
    ChangedRefs refs = new ChangedRefs();
    refs.add(ref, Untrusted.commit(root.at("sha")).orElse(null), null, said);
    return refs.reading();
  }
}
