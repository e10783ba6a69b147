package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;
import java.util.Optional;

/** Reads what GitLab sends to webhooks of projects and groups, and to system hooks. */
final class GitLabHook {
  private GitLabHook() {}

  /** The kind is in the body, as a system hook has the same header for all of them. */
  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    String kind =
        root.at("object_kind").text().or(() -> root.at("event_name").text()).orElse("unknown");
    return switch (kind) {
      case "push", "tag_push" -> push(root);
      case "merge_request" -> mergeRequest(root);
      default -> Reading.uninteresting(event);
    };
  }

  private static Reading push(JsonTree root) {
    String ref = Untrusted.ref(root.at("ref"), "ref");
    JsonTree after = root.at("after");
    if (Untrusted.isNone(after)) {
      return Reading.of(Verdict.IGNORED, "The ref was deleted.");
    }
    CommitId pushed = Untrusted.commit(after, "after");
    // An annotated tag has its tag object as "after", and the commit as "checkout_sha".
    CommitId commit = Untrusted.commit(root.at("checkout_sha")).orElse(pushed);
    if (root.at("push_options", "ci", "skip").isPresent()) {
      return Reading.of(Verdict.SKIPPED, "The push option ci.skip asks for no run.");
    }
    JsonTree head = head(root, commit);
    ChangedRefs.Said said =
        new ChangedRefs.Said(
            Untrusted.person(root.at("user_username"), root.at("user_name")),
            Untrusted.person(head.at("author", "name")),
            head.at("message").text());
    ChangedRefs refs = new ChangedRefs();
    if (RefText.isBranchOrTag(ref)) {
      refs.add(ref, commit, Untrusted.commit(root.at("before")).orElse(null), said);
    }
    return refs.reading();
  }

  private static JsonTree head(JsonTree root, CommitId commit) {
    List<JsonTree> commits = root.at("commits").elements();
    return commits.stream()
        .filter(one -> one.at("id").text().filter(commit.value()::equals).isPresent())
        .findFirst()
        .orElseGet(() -> commits.isEmpty() ? root.at("commits") : commits.getLast());
  }

  private static Reading mergeRequest(JsonTree root) {
    JsonTree request = root.at("object_attributes");
    if (!isNewCommit(request)) {
      return Reading.of(Verdict.IGNORED, "This action on a merge request starts nothing.");
    }
    JsonTree head = request.at("last_commit");
    if (!head.isPresent()) {
      return Reading.of(Verdict.IGNORED, "The merge request has no commit yet.");
    }
    CommitId commit = Untrusted.commit(head.at("id"), "object_attributes.last_commit.id");
    PullRequest facts =
        new PullRequest(
            Pulled.number(request.at("iid")),
            Untrusted.subject(request.at("title").text()),
            Untrusted.person(root.at("user", "username"), root.at("user", "name")),
            Pulled.differ(
                request.at("source_project_id").scalar(), request.at("target_project_id").scalar()),
            Untrusted.branch(request.at("source_branch")).orElse(null),
            commit.value(),
            Untrusted.branch(request.at("target_branch"), "object_attributes.target_branch"),
            null);
    return new Pulled(
            "A merge request",
            facts,
            "refs/merge-requests/" + facts.number() + "/head",
            commit,
            facts.author(),
            Untrusted.person(head.at("author", "name")),
            head.at("message").text())
        .reading();
  }

  /** An update without {@code oldrev} is one of labels, title and the like. */
  private static boolean isNewCommit(JsonTree request) {
    Optional<String> action = request.at("action").text();
    if (action.isEmpty()) {
      // System hooks may leave it out; a commit that was built before is not built again.
      return request.at("state").text().orElse("").equals("opened");
    }
    return switch (action.get()) {
      case "open", "reopen" -> true;
      case "update" -> request.at("oldrev").text().isPresent();
      default -> false;
    };
  }
}
