package dev.pipewright.builder.git;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A mirror as it lies on the disk.
 *
 * @param name the name of its folder
 * @param lastUsed when it was last asked for, give or take some minutes
 */
record MirrorFolder(String name, Instant lastUsed) {
  private static final Duration IN_USE = Duration.ofHours(1);
  private static final Duration FORGOTTEN = Duration.ofDays(30);

  /**
   * Those of {@code found} that may go: nothing was asked of them for an hour, and their source is
   * gone or was not asked for in thirty days. Pure.
   *
   * @param known the folders of the sources there are
   */
  static List<MirrorFolder> unneeded(List<MirrorFolder> found, Set<String> known, Instant now) {
    return found.stream()
        .filter(mirror -> mirror.isIdle(now, known.contains(mirror.name()) ? FORGOTTEN : IN_USE))
        .toList();
  }

  private boolean isIdle(Instant now, Duration time) {
    return lastUsed.plus(time).isBefore(now);
  }
}
