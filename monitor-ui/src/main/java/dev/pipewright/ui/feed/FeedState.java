package dev.pipewright.ui.feed;

import dev.pipewright.protocol.run.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feed as the wall shows it.
 *
 * @param tiles its projects as they were last read; they stay while the feed cannot be read
 * @param problem why it cannot be read now; null if it can
 * @param since when it was last read before the problem began, or when reading it began
 * @param readAt when it was last read; null if never
 * @param everySeconds how often it is read
 */
public record FeedState(
    String feed,
    List<Tile> tiles,
    @Nullable String problem,
    @Nullable Instant since,
    @Nullable Instant readAt,
    int everySeconds) {
  public FeedState {
    tiles = List.copyOf(tiles);
  }

  /**
   * A project of a feed.
   *
   * @param since the earliest time at which it is known to have had its last result
   * @param buildingSince when it was first seen at work; null if it is not
   */
  public record Tile(
      String name,
      @Nullable Outcome outcome,
      @Nullable Instant since,
      @Nullable Instant finishedAt,
      @Nullable Instant buildingSince,
      @Nullable String label,
      @Nullable String url,
      @Nullable String breakers) {}
}
