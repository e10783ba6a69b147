package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what Bitbucket Data Center, once called Server, sends. */
final class BitbucketDataCenterHook {
  private BitbucketDataCenterHook() {}

  static Reading read(String event, HookRequest request) {
    return switch (event) {
      case "diagnostics:ping" -> Reading.of(Verdict.PING, "Bitbucket tests the connection.");
      case "repo:refs_changed", "mirror:repo_synchronized" -> refsChanged(request.tree());
      case "pr:opened", "pr:reopened", "pr:from_ref_updated" -> pullRequest(request.tree());
      default -> Reading.uninteresting(event);
    };
  }

  private static Reading refsChanged(JsonTree root) {
    List<JsonTree> changes = root.at("changes").elements();
    ChangedRefs refs = new ChangedRefs();
    for (JsonTree change : changes) {
      if (!change.at("type").text().orElse("").equals("DELETE")) {
        JsonTree id = change.at("ref", "id");
        String ref = Untrusted.ref(id.isPresent() ? id : change.at("refId"), "ref.id");
        // From 8 on the body tells of the commit of an only ref, which a tag object is not.
        JsonTree commit = changes.size() == 1 ? root.at("toCommit") : change.at("toCommit");
        boolean peels = ref.startsWith("refs/tags/") && commit.at("id").text().isPresent();
        JsonTree after = peels ? commit.at("id") : change.at("toHash");
        refs.add(
            new ChangedRefs.Move(ref, change.at("fromHash"), after),
            new ChangedRefs.Said(
                person(root.at("actor")),
                Untrusted.person(commit.at("author", "displayName"), commit.at("author", "name")),
                commit.at("message").text()));
      }
    }
    return refs.reading();
  }

  private static @Nullable String person(JsonTree user) {
    return Untrusted.person(user.at("name"), user.at("displayName"));
  }

  private static Reading pullRequest(JsonTree root) {
    JsonTree request = root.at("pullRequest");
    JsonTree from = request.at("fromRef");
    JsonTree to = request.at("toRef");
    CommitId commit = Untrusted.commit(from.at("latestCommit"), "fromRef.latestCommit");
    String headRef = Untrusted.ref(from.at("id"), "fromRef.id");
    PullRequest facts =
        new PullRequest(
            Pulled.number(request.at("id")),
            Untrusted.subject(request.at("title").text()),
            person(request.at("author", "user")),
            isForeign(from.at("repository"), to.at("repository")),
            headRef,
            commit.value(),
            Untrusted.branch(to.at("id"), "toRef.id"),
            Untrusted.commit(to.at("latestCommit")).orElse(null));
    // The refs of pull requests are made late, so only what a fork has is looked for there.
    return new Pulled(
            "A pull request",
            facts,
            facts.foreign() ? "refs/pull-requests/" + facts.number() + "/from" : headRef,
            commit,
            person(root.at("actor")),
            null,
            Optional.empty())
        .reading();
  }

  private static boolean isForeign(JsonTree head, JsonTree base) {
    return Pulled.differ(head.at("slug").text(), base.at("slug").text())
        || Pulled.differ(head.at("project", "key").text(), base.at("project", "key").text());
  }
}
