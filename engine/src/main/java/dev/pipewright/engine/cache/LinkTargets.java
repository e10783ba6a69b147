package dev.pipewright.engine.cache;

import java.nio.file.Path;

/** Tells which symbolic links may be kept. */
final class LinkTargets {
  private LinkTargets() {}

  /** True if a link at {@code link}, relative to the workspace, does not lead out of it. */
  static boolean staysInside(Path link, Path target) {
    if (target.isAbsolute() || target.toString().isEmpty()) {
      return false;
    }
    int depth = link.getNameCount() - 1;
    for (Path name : target) {
      depth += name.toString().equals("..") ? -1 : name.toString().equals(".") ? 0 : 1;
      if (depth < 0) {
        return false;
      }
    }
    return true;
  }
}
