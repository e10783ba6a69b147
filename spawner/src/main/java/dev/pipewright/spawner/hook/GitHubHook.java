package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what GitHub sends. Only the few members that name a ref and a commit are looked at. */
final class GitHubHook {
  private static final Set<String> PULL_REQUEST_ACTIONS =
      Set.of("opened", "reopened", "synchronize");
  private static final String BRANCH = "refs/heads/";

  private GitHubHook() {}

  static Reading read(String event, HookHeaders headers, byte[] body) {
    JsonTree root = Json.tree(json(headers, body));
    if (!root.isObject()) {
      throw new MalformedHookException("The body is not a JSON object.");
    }
    return switch (event) {
      case "ping" -> Reading.of(Verdict.PING, "GitHub tests the hook.");
      case "push" -> push(root);
      case "pull_request" -> pullRequest(root);
      case "merge_group" -> mergeGroup(root);
      default -> Reading.of(Verdict.IGNORED, "Events of the kind " + event + " start nothing.");
    };
  }

  private static byte[] json(HookHeaders headers, byte[] body) {
    if (!headers.hasMediaType("application/x-www-form-urlencoded")) {
      return body;
    }
    for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
      if (field.startsWith("payload=")) {
        try {
          String value = field.substring("payload=".length());
          return URLDecoder.decode(value, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          throw new MalformedHookException("The field payload is not URL-encoded.");
        }
      }
    }
    throw new MalformedHookException("The form has no field payload.");
  }

  private static Reading push(JsonTree root) {
    String ref = Untrusted.name(root.at("ref"), "ref");
    if (!Untrusted.isBranchOrTag(ref)) {
      return Reading.of(Verdict.IGNORED, "Only branches and tags start runs.");
    }
    if (root.at("deleted").isTrue()
        || root.at("after").text().filter(CommitId::isNone).isPresent()) {
      return Reading.of(Verdict.IGNORED, "The ref was deleted.");
    }
    CommitId commit = Untrusted.commit(root.at("after"), "after");
    Optional<String> message = message(root);
    RefChange change =
        new RefChange(
            ref.startsWith(BRANCH) ? ChangeKind.PUSH : ChangeKind.TAG,
            ref,
            commit,
            Untrusted.person(root.at("pusher", "name"), root.at("sender", "login")),
            Untrusted.subject(message),
            null);
    return message
        .flatMap(SkipMarker::in)
        .map(
            marker ->
                Reading.of(Verdict.SKIPPED, "The commit message says " + marker + ".", change))
        .orElseGet(() -> Reading.of(Verdict.BUILD, "A ref was pushed.", change));
  }

  private static Optional<String> message(JsonTree root) {
    JsonTree head = root.at("head_commit");
    if (head.isObject()) {
      return head.at("message").text();
    }
    List<JsonTree> commits = root.at("commits").elements();
    return commits.isEmpty() ? Optional.empty() : commits.getLast().at("message").text();
  }

  private static Reading pullRequest(JsonTree root) {
    String action = root.at("action").text().orElse("");
    if (!PULL_REQUEST_ACTIONS.contains(action)) {
      return Reading.of(Verdict.IGNORED, "This action on a pull request starts nothing.");
    }
    JsonTree request = root.at("pull_request");
    RefChange change =
        new RefChange(
            ChangeKind.PULL_REQUEST,
            "refs/pull/" + number(root, request) + "/head",
            Untrusted.commit(request.at("head", "sha"), "pull_request.head.sha"),
            Untrusted.person(request.at("user", "login"), root.at("sender", "login")),
            Untrusted.subject(request.at("title").text()),
            Untrusted.name(request.at("base", "ref"), "branch as pull_request.base.ref"));
    return isOfThisRepository(request)
        ? Reading.of(Verdict.BUILD, "A pull request was " + action(action) + ".", change)
        : Reading.of(
            Verdict.BUILD_UNTRUSTED,
            "A pull request from a fork was "
                + action(action)
                + "; it waits until a maintainer approves the commit.",
            change);
  }

  private static String action(String action) {
    return action.equals("synchronize") ? "updated" : action;
  }

  private static String number(JsonTree root, JsonTree request) {
    return request
        .at("number")
        .scalar()
        .or(() -> root.at("number").scalar())
        .filter(text -> text.matches("[1-9][0-9]{0,9}"))
        .orElseThrow(() -> new MalformedHookException("The body has no pull request number."));
  }

  /** Anything that is not plainly the same repository, such as a deleted fork, is foreign. */
  private static boolean isOfThisRepository(JsonTree request) {
    Optional<String> head = request.at("head", "repo", "full_name").text();
    Optional<String> base = request.at("base", "repo", "full_name").text();
    return head.isPresent() && base.isPresent() && head.get().equalsIgnoreCase(base.get());
  }

  private static Reading mergeGroup(JsonTree root) {
    if (!root.at("action").text().orElse("").equals("checks_requested")) {
      return Reading.of(Verdict.IGNORED, "This action on a merge group starts nothing.");
    }
    JsonTree group = root.at("merge_group");
    String ref = Untrusted.name(group.at("head_ref"), "ref as merge_group.head_ref");
    if (!ref.startsWith(BRANCH) || !Untrusted.isBranchOrTag(ref)) {
      throw new MalformedHookException("The body has no branch as merge_group.head_ref.");
    }
    RefChange change =
        new RefChange(
            ChangeKind.MERGE_GROUP,
            ref,
            Untrusted.commit(group.at("head_sha"), "merge_group.head_sha"),
            Untrusted.person(root.at("sender", "login")),
            Untrusted.subject(group.at("head_commit", "message").text()),
            baseBranch(group));
    return Reading.of(Verdict.BUILD, "A merge group asks for checks.", change);
  }

  private static @Nullable String baseBranch(JsonTree group) {
    return group
        .at("base_ref")
        .text()
        .filter(Untrusted::isName)
        .map(ref -> ref.startsWith(BRANCH) ? ref.substring(BRANCH.length()) : ref)
        .orElse(null);
  }
}
