package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.Verdict;
import dev.pipewright.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * Reads what a post-receive hook of git sends: the lines {@code <old> <new> <ref>} it got, or a
 * JSON object with {@code reference} and {@code commit.sha}.
 */
final class PlainGitHook {
  private PlainGitHook() {}

  static Reading read(String event, HookRequest request) {
    return request.headers().hasMediaType("application/json")
        ? object(request.tree())
        : lines(new String(request.content(), StandardCharsets.UTF_8));
  }

  private static Reading lines(String text) {
    ChangedRefs refs = new ChangedRefs();
    Iterator<String> lines = text.lines().filter(line -> !line.isBlank()).iterator();
    if (!lines.hasNext()) {
      throw new MalformedHookException("The body is empty; send the lines git gives to the hook.");
    }
    while (lines.hasNext()) {
      String[] parts = lines.next().split(" ", 3);
      if (parts.length != 3 || !CommitId.isHash(parts[0]) || !CommitId.isHash(parts[1])) {
        throw new MalformedHookException("A line of the body is not '<old> <new> <ref>'.");
      }
      if (!CommitId.isNone(parts[1]) && RefText.isBranchOrTag(parts[2])) {
        CommitId before = CommitId.isNone(parts[0]) ? null : new CommitId(parts[0]);
        refs.add(parts[2], new CommitId(parts[1]), before, ChangedRefs.Said.NOTHING);
      }
    }
    return refs.reading();
  }

  private static Reading object(JsonTree root) {
    String ref = Untrusted.ref(root.at("reference"), "reference");
    JsonTree sha = root.at("commit", "sha");
    if (Untrusted.isNone(sha)) {
      return Reading.of(Verdict.IGNORED, "The ref was deleted.");
    }
    String author = Untrusted.person(root.at("author", "name"));
    return new ChangedRefs()
        .add(
            new ChangedRefs.Move(ref, root.at("commit", "before"), sha),
            new ChangedRefs.Said(author, author, root.at("commit", "message").text()))
        .reading();
  }
}
