package dev.pipewright.ui.wall;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.ProtocolException;
import java.util.List;

/**
 * What a wall shows. Names are compared as they are in their feed, before anything is stripped.
 *
 * @param title the name of the wall, at most 80 characters
 * @param show patterns over the names that are shown; empty for all
 * @param hide patterns over the names that are left out
 * @param order how the tiles are ordered
 * @param strip pieces of text that are taken out of names, longest first
 * @param groups tiles that stand for several pipelines
 * @param feeds names of the feeds of other servers that are shown
 * @param own true if the pipelines of this server are shown
 */
public record WallSettings(
    String title,
    List<GlobPattern> show,
    List<GlobPattern> hide,
    WallOrder order,
    List<String> strip,
    List<WallGroup> groups,
    List<String> feeds,
    boolean own) {
  private static final int TITLE_LIMIT = 80;
  private static final int PATTERN_LIMIT = 200;
  private static final int STRIP_LIMIT = 50;
  private static final int GROUP_LIMIT = 100;

  public WallSettings {
    if (title.isBlank() || title.length() > TITLE_LIMIT) {
      throw new ProtocolException("\"title\" has 1 to " + TITLE_LIMIT + " characters.");
    }
    atMost(PATTERN_LIMIT, "show", show);
    atMost(PATTERN_LIMIT, "hide", hide);
    atMost(STRIP_LIMIT, "strip", strip);
    atMost(GROUP_LIMIT, "groups", groups);
    if (strip.stream().anyMatch(String::isEmpty)) {
      throw new ProtocolException("\"strip\" holds an empty text.");
    }
    show = List.copyOf(show);
    hide = List.copyOf(hide);
    strip = strip.stream().sorted((a, b) -> b.length() - a.length()).toList();
    groups = List.copyOf(groups);
    feeds = List.copyOf(feeds);
  }

  private static void atMost(int most, String key, List<?> values) {
    if (values.size() > most) {
      throw new ProtocolException("\"%s\" has at most %d entries.".formatted(key, most));
    }
  }

  /** Every pipeline of this server, broken ones first. */
  public static WallSettings defaults() {
    return new WallSettings(
        "Pipelines",
        List.of(),
        List.of(),
        WallOrder.SICK_FIRST,
        List.of(),
        List.of(),
        List.of(),
        true);
  }
}
