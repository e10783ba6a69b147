package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what Bitbucket Cloud sends. */
final class BitbucketCloudHook {
  private BitbucketCloudHook() {}

  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    return switch (event) {
      case "repo:push" -> push(root);
      case "pullrequest:created", "pullrequest:updated" -> pullRequest(root);
      case "diagnostics:ping" -> Reading.of(Verdict.PING, "Bitbucket tests the hook.");
      default -> Reading.uninteresting(event);
    };
  }

  private static Reading push(JsonTree root) {
    if (!root.at("push").isObject()) {
      throw new MalformedHookException("The body has no push.");
    }
    ChangedRefs refs = new ChangedRefs();
    for (JsonTree change : root.at("push", "changes").elements()) {
      JsonTree now = change.at("new");
      if (now.isPresent() && !change.at("closed").isTrue()) {
        add(refs, root, change);
      }
    }
    return refs.reading();
  }

  private static void add(ChangedRefs refs, JsonTree root, JsonTree change) {
    JsonTree now = change.at("new");
    Optional<String> prefix =
        switch (now.at("type").text().orElse("")) {
          case "branch", "named_branch" -> Optional.of("refs/heads/");
          case "tag", "annotated_tag" -> Optional.of("refs/tags/");
          default -> Optional.empty();
        };
    if (prefix.isEmpty()) {
      return;
    }
    String ref = prefix.get() + now.at("name").text().orElse("");
    if (!RefText.isFull(ref)) {
      throw new MalformedHookException("The body has no name git can have as new.name.");
    }
    JsonTree commit = now.at("target");
    refs.add(
        new ChangedRefs.Move(ref, change.at("old", "target", "hash"), commit.at("hash")),
        new ChangedRefs.Said(
            person(root.at("actor")), author(commit.at("author")), commit.at("message").text()));
  }

  private static @Nullable String person(JsonTree user) {
    return Untrusted.person(user.at("nickname"), user.at("username"), user.at("display_name"));
  }

  /** The name without the address. */
  private static @Nullable String author(JsonTree author) {
    String raw = author.at("raw").text().orElse("");
    int address = raw.indexOf('<');
    String name = address < 0 ? raw : raw.substring(0, address);
    return name.isBlank()
        ? Untrusted.person(author.at("user", "display_name"), author.at("user", "nickname"))
        : Untrusted.clean(name, 100);
  }

  private static Reading pullRequest(JsonTree root) {
    JsonTree request = root.at("pullrequest");
    if (!request.at("state").text().orElse("OPEN").equals("OPEN")) {
      return Reading.of(Verdict.IGNORED, "The pull request is not open.");
    }
    JsonTree source = request.at("source");
    JsonTree target = request.at("destination");
    String headRef = Untrusted.branch(source.at("branch", "name"), "the branch of the source");
    PullRequest facts =
        new PullRequest(
            Pulled.number(request.at("id")),
            Untrusted.subject(request.at("title").text()),
            person(request.at("author")),
            isForeign(source.at("repository"), target.at("repository")),
            headRef,
            Untrusted.hash(source.at("commit", "hash")),
            Untrusted.branch(target.at("branch", "name"), "the branch of the destination"),
            Untrusted.commit(target.at("commit", "hash")).orElse(null));
    // There are no refs for pull requests, and the hash is abbreviated: the branch says the rest.
    // The branch of a fork cannot be fetched from the registered repository at all.
    return new Pulled(
            "A pull request",
            facts,
            facts.foreign() ? "refs/pull-requests/" + facts.number() + "/from" : headRef,
            Untrusted.commit(source.at("commit", "hash")).orElse(null),
            person(root.at("actor")),
            null,
            Optional.empty())
        .reading();
  }

  private static boolean isForeign(JsonTree head, JsonTree base) {
    Optional<String> headId = head.at("uuid").text();
    Optional<String> baseId = base.at("uuid").text();
    if (headId.isPresent() && baseId.isPresent()) {
      return !headId.equals(baseId);
    }
    return Pulled.differ(head.at("full_name").text(), base.at("full_name").text());
  }
}
