package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads pushes and pull requests in the form of GitHub, which Gogs, Gitea and Forgejo took over.
 */
final class HubEvents {
  private static final Set<String> ACTIONS =
      Set.of("opened", "reopened", "synchronize", "synchronized");

  private HubEvents() {}

  static Reading push(JsonTree root) {
    String ref = Untrusted.ref(root.at("ref"), "ref");
    JsonTree after = root.at("after");
    if (root.at("deleted").isTrue() || Untrusted.isNone(after)) {
      return Reading.of(Verdict.IGNORED, "The ref was deleted.");
    }
    CommitId pushed = Untrusted.commit(after, "after");
    JsonTree head = head(root, pushed);
    // An annotated tag has its tag object as "after", and the commit as "head_commit".
    CommitId commit =
        ref.startsWith("refs/tags/")
            ? Untrusted.commit(root.at("head_commit", "id")).orElse(pushed)
            : pushed;
    ChangedRefs.Said said =
        new ChangedRefs.Said(
            Untrusted.person(
                root.at("pusher", "name"),
                root.at("pusher", "login"),
                root.at("pusher", "username"),
                root.at("sender", "login")),
            Untrusted.person(head.at("author", "name"), head.at("author", "username")),
            head.at("message").text());
    ChangedRefs refs = new ChangedRefs();
    if (RefText.isBranchOrTag(ref)) {
      refs.add(ref, commit, Untrusted.commit(root.at("before")).orElse(null), said);
    }
    return refs.reading();
  }

  private static JsonTree head(JsonTree root, CommitId commit) {
    JsonTree head = root.at("head_commit");
    if (head.isObject()) {
      return head;
    }
    List<JsonTree> commits = root.at("commits").elements();
    return commits.stream()
        .filter(one -> one.at("id").text().filter(commit.value()::equals).isPresent())
        .findFirst()
        .orElseGet(() -> commits.isEmpty() ? head : commits.getLast());
  }

  static Reading pullRequest(JsonTree root) {
    String action = root.at("action").text().orElse("");
    if (!ACTIONS.contains(action)) {
      return Reading.of(Verdict.IGNORED, "This action on a pull request starts nothing.");
    }
    JsonTree pull = root.at("pull_request");
    return pull.at("head_branch").isPresent() ? ofGogs(root, pull) : usual(root, pull);
  }

  private static Reading usual(JsonTree root, JsonTree pull) {
    JsonTree head = pull.at("head");
    JsonTree base = pull.at("base");
    CommitId commit = Untrusted.commit(head.at("sha"), "pull_request.head.sha");
    PullRequest facts =
        new PullRequest(
            Pulled.number(pull.at("number"), root.at("number")),
            Untrusted.subject(pull.at("title").text()),
            author(pull),
            isForeign(head.at("repo"), base.at("repo")),
            Untrusted.branch(head.at("ref")).orElse(null),
            commit.value(),
            Untrusted.branch(base.at("ref"), "pull_request.base.ref"),
            Untrusted.commit(base.at("sha")).orElse(null));
    return reading(root, facts, Optional.of(commit));
  }

  /** Gogs names branches and repositories, but no commit. */
  private static Reading ofGogs(JsonTree root, JsonTree pull) {
    PullRequest facts =
        new PullRequest(
            Pulled.number(pull.at("number"), root.at("number")),
            Untrusted.subject(pull.at("title").text()),
            author(pull),
            isForeign(pull.at("head_repo"), pull.at("base_repo")),
            Untrusted.branch(pull.at("head_branch")).orElse(null),
            null,
            Untrusted.branch(pull.at("base_branch"), "pull_request.base_branch"),
            null);
    return reading(root, facts, Optional.empty());
  }

  private static Reading reading(JsonTree root, PullRequest facts, Optional<CommitId> commit) {
    String by =
        facts.author() == null ? Untrusted.person(root.at("sender", "login")) : facts.author();
    return new Pulled(
            "A pull request",
            facts,
            "refs/pull/" + facts.number() + "/head",
            commit.orElse(null),
            by,
            null,
            Optional.empty())
        .reading();
  }

  private static @Nullable String author(JsonTree pull) {
    return Untrusted.person(pull.at("user", "login"), pull.at("user", "username"));
  }

  /** Anything that is not plainly the same repository, such as a deleted fork, is foreign. */
  private static boolean isForeign(JsonTree head, JsonTree base) {
    Optional<String> headId = head.at("id").scalar();
    Optional<String> baseId = base.at("id").scalar();
    return Pulled.differ(head.at("full_name").text(), base.at("full_name").text())
        || (headId.isPresent() && baseId.isPresent() && !headId.equals(baseId));
  }
}
