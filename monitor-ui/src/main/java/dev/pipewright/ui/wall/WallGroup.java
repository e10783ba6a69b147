package dev.pipewright.ui.wall;

import dev.pipewright.protocol.GlobPattern;
import dev.pipewright.protocol.ProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several pipelines as one tile: its result is the worst of theirs, and it names the broken ones.
 *
 * @param name the name of the tile, 1 to 60 characters
 * @param match patterns over names; a pipeline belongs to the first group that matches
 */
public record WallGroup(String name, List<GlobPattern> match) {
  private static final int LONGEST_NAME = 60;
  private static final int MOST_PATTERNS = 50;

  public WallGroup(@Nullable String name, @Nullable List<GlobPattern> match) {
    if (name == null || name.isBlank() || name.length() > LONGEST_NAME) {
      throw new ProtocolException("\"name\" of a group has 1 to " + LONGEST_NAME + " characters.");
    }
    if (match == null || match.isEmpty() || match.size() > MOST_PATTERNS) {
      throw new ProtocolException(
          "\"match\" of the group " + name + " has 1 to " + MOST_PATTERNS + " patterns.");
    }
    this.name = name;
    this.match = List.copyOf(match);
  }
}
