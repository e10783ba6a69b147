package dev.pipewright.spawner.hook;

import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.json.JsonTree;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads single facts out of what a sender wrote, and refuses what cannot be meant. */
final class Untrusted {
  private static final int REF_LIMIT = 1000;
  private static final int SUBJECT_LIMIT = 200;
  private static final int PERSON_LIMIT = 100;

  private Untrusted() {}

  /** True for the full name of a branch or tag that can be handed on as data. */
  static boolean isBranchOrTag(String ref) {
    return (isBelow("refs/heads/", ref) || isBelow("refs/tags/", ref)) && isName(ref);
  }

  private static boolean isBelow(String prefix, String ref) {
    return ref.startsWith(prefix) && ref.length() > prefix.length();
  }

  /** True for a name without control characters and of bearable length. */
  static boolean isName(String name) {
    return name.length() <= REF_LIMIT
        && name.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0xFFFD);
  }

  /** The name in {@code tree}, which the message calls {@code what}. */
  static String name(JsonTree tree, String what) {
    return tree.text()
        .filter(Untrusted::isName)
        .orElseThrow(() -> new MalformedHookException("The body names no " + what + "."));
  }

  /** The commit in {@code tree}, which the message calls {@code what}; never zeros. */
  static CommitId commit(JsonTree tree, String what) {
    return tree.text()
        .filter(text -> CommitId.isHash(text) && !CommitId.isNone(text))
        .map(CommitId::new)
        .orElseThrow(
            () -> new MalformedHookException("The body has no full commit hash as " + what + "."));
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
