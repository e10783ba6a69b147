package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.json.JsonTree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads single facts out of what a sender wrote, and refuses what cannot be meant. */
final class Untrusted {
  private static final String BRANCH = "refs/heads/";
  private static final int SUBJECT_LIMIT = 200;
  private static final int PERSON_LIMIT = 100;

  private Untrusted() {}

  /** The full ref in {@code tree}, which the message calls {@code what}. */
  static String ref(JsonTree tree, String what) {
    return tree.text().filter(RefText::isFull).orElseThrow(() -> noName(what));
  }

  /** The full ref of the branch whose short or full name is in {@code tree}. */
  static String branch(JsonTree tree, String what) {
    return branch(tree).orElseThrow(() -> noName(what));
  }

  /** The full ref of the branch whose short or full name is in {@code tree}, if git can have it. */
  static Optional<String> branch(JsonTree tree) {
    return tree.text()
        .map(name -> name.startsWith(BRANCH) ? name : BRANCH + name)
        .filter(RefText::isFull);
  }

  private static MalformedHookException noName(String what) {
    return new MalformedHookException("The body has no name git can have as " + what + ".");
  }

  /** The commit in {@code tree}, which the message calls {@code what}; never zeros. */
  static CommitId commit(JsonTree tree, String what) {
    return commit(tree)
        .orElseThrow(
            () -> new MalformedHookException("The body has no full commit hash as " + what + "."));
  }

  /** The commit in {@code tree}, if there is a full hash that is not zeros. */
  static Optional<CommitId> commit(JsonTree tree) {
    return tree.text()
        .filter(text -> CommitId.isHash(text) && !CommitId.isNone(text))
        .map(CommitId::new);
  }

  /** True for the zeros by which git says that there is no commit. */
  static boolean isNone(JsonTree tree) {
    return tree.text().filter(text -> CommitId.isHash(text) && CommitId.isNone(text)).isPresent();
  }

  /** The hash in {@code tree}, be it abbreviated. */
  static @Nullable String hash(JsonTree tree) {
    return tree.text().filter(text -> text.matches("[0-9a-f]{7,64}")).orElse(null);
  }

  /** The number in {@code tree}, which some senders write as text. */
  static Optional<Long> number(JsonTree tree) {
    return tree.scalar().filter(text -> text.matches("[1-9][0-9]{0,14}")).map(Long::valueOf);
  }

  /** The first line of a message, shortened, without control characters. */
  static @Nullable String subject(Optional<String> message) {
    return message
        .map(text -> clean(text.lines().findFirst().orElse(""), SUBJECT_LIMIT))
        .filter(text -> !text.isEmpty())
        .orElse(null);
  }

  /** The first name that is there, shortened, without control characters. */
  static @Nullable String person(JsonTree... candidates) {
    for (JsonTree candidate : candidates) {
      String name = candidate.text().map(text -> clean(text, PERSON_LIMIT)).orElse("");
      if (!name.isEmpty()) {
        return name;
      }
    }
    return null;
  }

  /** One line of text of at most {@code limit} characters. */
  static String clean(String text, int limit) {
    String line = text.replaceAll("\\p{Cntrl}", " ").strip();
    if (line.length() <= limit) {
      return line;
    }
    int end = Character.isHighSurrogate(line.charAt(limit - 1)) ? limit - 1 : limit;
    return line.substring(0, end);
  }
}
