package dev.pipewright.ui.wall;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.ProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the wall shows.
 *
 * @param title the name of the wall, at most 80 characters
 * @param hide patterns over the names of pipelines that are left out
 * @param order how the tiles are ordered
 */
public record WallSettings(String title, List<GlobPattern> hide, WallOrder order) {
  private static final int TITLE_LIMIT = 80;
  private static final int PATTERN_LIMIT = 200;

  public WallSettings {
    if (title.isBlank() || title.length() > TITLE_LIMIT) {
      throw new ProtocolException("\"title\" has 1 to " + TITLE_LIMIT + " characters.");
    }
    if (hide.size() > PATTERN_LIMIT) {
      throw new ProtocolException("\"hide\" has at most " + PATTERN_LIMIT + " patterns.");
    }
    hide = List.copyOf(hide);
  }

  /** Every pipeline, broken ones first. */
  public static WallSettings defaults() {
    return new WallSettings("Pipelines", List.of(), WallOrder.SICK_FIRST);
  }

  /** The file as a person writes it: what is left out has its default. */
  record Written(
      @Nullable String title, @Nullable List<GlobPattern> hide, @Nullable WallOrder order) {
    WallSettings settings() {
      WallSettings defaults = defaults();
      return new WallSettings(
          title == null ? defaults.title() : title,
          hide == null ? defaults.hide() : hide,
          order == null ? defaults.order() : order);
    }
  }
}
