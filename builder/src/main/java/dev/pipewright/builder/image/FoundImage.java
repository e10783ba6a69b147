package dev.pipewright.builder.image;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A runtime image that a cleaning has come across.
 *
 * @param id what it is removed by if it has no name
 * @param names its tags and digests
 * @param lastUsed when somebody last asked for it
 * @param bytes what its removal frees at most; 0 if unknown
 */
record FoundImage(String id, List<String> names, Instant lastUsed, long bytes) {
  FoundImage {
    names = List.copyOf(names);
  }

  /**
   * Those of {@code found} that may go: nobody keeps them, and nobody has asked for them since
   * {@code since}. Pure.
   *
   * @param kept ids and names
   */
  static List<FoundImage> unneeded(List<FoundImage> found, Set<String> kept, Instant since) {
    return found.stream()
        .filter(image -> image.lastUsed().isBefore(since))
        .filter(
            image ->
                Stream.concat(Stream.of(image.id()), image.names().stream())
                    .noneMatch(kept::contains))
        .toList();
  }
}
