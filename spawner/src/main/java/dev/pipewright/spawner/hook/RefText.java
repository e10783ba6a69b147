package dev.pipewright.spawner.hook;

/** The rules by which git accepts the name of a ref; whatever breaks them was never pushed. */
final class RefText {
  private static final int LIMIT = 1000;
  private static final int REPLACEMENT = 0xFFFD;

  private RefText() {}

  /** True for the full name of a ref that git can have. */
  static boolean isFull(String ref) {
    return ref.startsWith("refs/")
        && ref.length() <= LIMIT
        && ref.codePoints().noneMatch(RefText::isForbidden)
        && !ref.contains("..")
        && !ref.contains("@{")
        && !ref.endsWith(".")
        && hasGoodParts(ref);
  }

  private static boolean isForbidden(int c) {
    return c <= ' '
        || Character.isISOControl(c)
        || c == REPLACEMENT
        || Character.getType(c) == Character.SURROGATE
        || "~^:?*[\\".indexOf(c) >= 0;
  }

  private static boolean hasGoodParts(String ref) {
    for (String part : ref.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".") || part.endsWith(".lock")) {
        return false;
      }
    }
    return true;
  }

  /** True for the full name of a branch or tag. */
  static boolean isBranchOrTag(String ref) {
    return isFull(ref) && (ref.startsWith("refs/heads/") || ref.startsWith("refs/tags/"));
  }
}
