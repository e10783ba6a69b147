package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.api.PullRequest;
import dev.pipewright.protocol.json.JsonTree;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the webhooks plugin of Gerrit sends: events of its stream, one in each delivery. */
final class GerritHook {
  private static final Pattern CHANGE = Pattern.compile("refs/changes/[0-9]{2}/[0-9]+/[0-9]+");

  private GerritHook() {}

  static Reading read(String event, HookRequest request) {
    JsonTree root = request.tree();
    return switch (event) {
      case "ref-updated" -> updated(root, List.of(root.at("refUpdate")));
      case "batch-ref-updated" -> updated(root, root.at("refUpdates").elements());
      case "patchset-created", "change-restored" -> change(root);
      default -> Reading.uninteresting(event);
    };
  }

  private static Reading updated(JsonTree root, List<JsonTree> updates) {
    ChangedRefs.Said said =
        new ChangedRefs.Said(person(root.at("submitter")), null, Optional.empty());
    ChangedRefs refs = new ChangedRefs();
    for (JsonTree update : updates) {
      // Old versions name branches without the prefix.
      JsonTree name = update.at("refName");
      String ref =
          name.text().orElse("").startsWith("refs/")
              ? Untrusted.ref(name, "refName")
              : Untrusted.branch(name, "refName");
      refs.add(new ChangedRefs.Move(ref, update.at("oldRev"), update.at("newRev")), said);
    }
    return refs.reading();
  }

  /** Nobody has reviewed it yet, whoever uploaded it. */
  private static Reading change(JsonTree root) {
    JsonTree change = root.at("change");
    JsonTree patch = root.at("patchSet");
    CommitId commit = Untrusted.commit(patch.at("revision"), "patchSet.revision");
    String ref = Untrusted.ref(patch.at("ref"), "patchSet.ref");
    if (!CHANGE.matcher(ref).matches()) {
      throw new MalformedHookException("The body has no ref of a change as patchSet.ref.");
    }
    List<JsonTree> parents = patch.at("parents").elements();
    PullRequest facts =
        new PullRequest(
            Pulled.number(change.at("number")),
            Untrusted.subject(change.at("subject").text()),
            person(change.at("owner")),
            true,
            ref,
            commit.value(),
            Untrusted.branch(change.at("branch"), "change.branch"),
            parents.isEmpty() ? null : Untrusted.commit(parents.getFirst()).orElse(null));
    return new Pulled(
            "A change",
            facts,
            ref,
            commit,
            person(root.at("uploader").isPresent() ? root.at("uploader") : patch.at("uploader")),
            Untrusted.person(patch.at("author", "name")),
            change.at("commitMessage").text())
        .reading();
  }

  private static @Nullable String person(JsonTree account) {
    return Untrusted.person(account.at("name"), account.at("username"), account.at("email"));
  }
}
