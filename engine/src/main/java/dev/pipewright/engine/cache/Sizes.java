package dev.pipewright.engine.cache;

import java.util.Locale;

/** Sizes of files for people. */
final class Sizes {
  private Sizes() {}

  static String shown(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    return bytes < 1024 * 1024
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024));
  }
}
