package dev.pipewright.ui.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.ui.feed.FeedState.Tile;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FeedReadingsTest {
  private static final Instant NINE = Instant.parse("2026-11-28T09:00:00Z");
  private static final Instant TEN = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant ELEVEN = Instant.parse("2026-11-28T11:00:00Z");

  @Test
  void aResultLastsFromTheFirstBuildThatWasSeenWithIt() {
    List<Tile> first = tiles(List.of(), project(Outcome.FAILED, false, NINE), TEN);
    assertThat(first.getFirst().since()).isEqualTo(NINE);
    List<Tile> again = tiles(first, project(Outcome.FAILED, false, TEN), ELEVEN);
    assertThat(again.getFirst().since()).isEqualTo(NINE);
    assertThat(again.getFirst().finishedAt()).isEqualTo(TEN);
    List<Tile> fixed = tiles(again, project(Outcome.SUCCEEDED, false, ELEVEN), ELEVEN);
    assertThat(fixed.getFirst().since()).isEqualTo(ELEVEN);
  }

  @Test
  void withoutATimeAResultLastsFromNow() {
    assertThat(tiles(List.of(), project(Outcome.FAILED, false, null), TEN).getFirst().since())
        .isEqualTo(TEN);
  }

  @Test
  void workLastsFromWhenItWasFirstSeen() {
    List<Tile> begun = tiles(List.of(), project(Outcome.FAILED, true, NINE), TEN);
    assertThat(begun.getFirst().buildingSince()).isEqualTo(TEN);
    List<Tile> still = tiles(begun, project(Outcome.FAILED, true, NINE), ELEVEN);
    assertThat(still.getFirst().buildingSince()).isEqualTo(TEN);
    assertThat(
            tiles(still, project(Outcome.FAILED, false, NINE), ELEVEN).getFirst().buildingSince())
        .isNull();
  }

  @Test
  void ofTwoProjectsWithOneNameTheFirstCounts() {
    FeedProject red = project(Outcome.FAILED, false, NINE).getFirst();
    FeedProject green = project(Outcome.SUCCEEDED, false, NINE).getFirst();
    assertThat(FeedReadings.tiles(List.of(), List.of(red, green), TEN))
        .singleElement()
        .extracting(Tile::outcome)
        .isEqualTo(Outcome.FAILED);
  }

  private static List<Tile> tiles(List<Tile> before, List<FeedProject> projects, Instant now) {
    return FeedReadings.tiles(before, projects, now);
  }

  private static List<FeedProject> project(
      Outcome outcome, boolean building, @Nullable Instant finishedAt) {
    return List.of(new FeedProject("shop", outcome, building, "1", finishedAt, null, null));
  }
}
