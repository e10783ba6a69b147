package dev.pipewright.spawner.hook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words in a commit message that ask for no run. */
final class SkipMarker {
  private static final List<String> MARKERS =
      List.of("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]");

  private SkipMarker() {}

  /** The marker this message holds, whatever its case. */
  static Optional<String> in(String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return MARKERS.stream().filter(text::contains).findFirst();
  }
}
