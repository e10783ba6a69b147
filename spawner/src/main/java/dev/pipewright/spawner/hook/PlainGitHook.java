package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.ChangeKind;
import dev.pipewright.protocol.api.RefChange;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a post-receive hook of git sends: the lines {@code <old> <new> <ref>} it got, or a
 * JSON object with {@code reference} and {@code commit.sha}.
 */
final class PlainGitHook {
  private static final int CHANGE_LIMIT = 5000;

  private PlainGitHook() {}

  static Reading read(HookHeaders headers, byte[] body) {
    return headers.hasMediaType("application/json")
        ? object(Json.tree(body))
        : lines(new String(body, StandardCharsets.UTF_8));
  }

  private static Reading lines(String text) {
    List<RefChange> changes = new ArrayList<>();
    long lines = 0;
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 3);
      if (parts.length != 3 || !CommitId.isHash(parts[0]) || !CommitId.isHash(parts[1])) {
        throw new MalformedHookException("A line of the body is not '<old> <new> <ref>'.");
      }
      lines++;
      if (!CommitId.isNone(parts[1]) && Untrusted.isBranchOrTag(parts[2])) {
        changes.add(change(parts[2], new CommitId(parts[1]), null, null));
      }
    }
    if (lines == 0) {
      throw new MalformedHookException("The body is empty; send the lines git gives to the hook.");
    }
    if (changes.size() > CHANGE_LIMIT) {
      throw new MalformedHookException(
          "The push changes more than " + CHANGE_LIMIT + " refs; push them in parts.");
    }
    return changes.isEmpty()
        ? Reading.of(
            Verdict.IGNORED, "Nothing but deleted refs and refs other than branches and tags.")
        : new Reading(
            Verdict.BUILD,
            changes.size() == 1 ? "A ref was pushed." : changes.size() + " refs were pushed.",
            changes);
  }

  private static Reading object(JsonTree root) {
    String ref = Untrusted.name(root.at("reference"), "ref as reference");
    if (!Untrusted.isBranchOrTag(ref)) {
      return Reading.of(Verdict.IGNORED, "Only branches and tags start runs.");
    }
    JsonTree sha = root.at("commit", "sha");
    if (sha.text().filter(CommitId::isHash).filter(CommitId::isNone).isPresent()) {
      return Reading.of(Verdict.IGNORED, "The ref was deleted.");
    }
    Optional<String> message = root.at("commit", "message").text();
    RefChange change =
        change(
            ref,
            Untrusted.commit(sha, "commit.sha"),
            Untrusted.person(root.at("author", "name")),
            Untrusted.subject(message));
    return message
        .flatMap(SkipMarker::in)
        .map(
            marker ->
                Reading.of(Verdict.SKIPPED, "The commit message says " + marker + ".", change))
        .orElseGet(() -> Reading.of(Verdict.BUILD, "A ref was pushed.", change));
  }

  private static RefChange change(
      String ref, CommitId commit, @Nullable String by, @Nullable String message) {
    ChangeKind kind = ref.startsWith("refs/heads/") ? ChangeKind.PUSH : ChangeKind.TAG;
    return new RefChange(kind, ref, commit, by, message, null);
  }
}
