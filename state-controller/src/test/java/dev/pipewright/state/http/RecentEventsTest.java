package dev.pipewright.state.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.state.http.RecentEvents.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
  private static final RunId ONE = RunId.parse("shop#1");
  private static final RunId TWO = RunId.parse("shop#2");

  private final RecentEvents events = new RecentEvents("e1", 10, 1_000_000);

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      events.add("log", Hearers.about(i % 2 == 0 ? ONE : TWO), "{}");
    }
  }

  /** The numbers of all that is sent after an event. */
  private List<Long> after(long heard, @Nullable RunId only) {
    List<Long> found = new ArrayList<>();
    Piece piece = events.after(heard, only).orElseThrow();
    while (piece.upTo() > heard) {
      heard = piece.upTo();
      Pattern.compile("^id: e1-(\\d+)$", Pattern.MULTILINE)
          .matcher(piece.frames().toString())
          .results()
          .forEach(id -> found.add(Long.parseLong(id.group(1))));
      piece = events.after(heard, only).orElseThrow();
    }
    return found;
  }

  @Test
  void whoHasHeardSomeIsToldTheRestInOrder() {
    add(5);
    assertThat(after(0, null)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(after(3, null)).containsExactly(4L, 5L);
    assertThat(after(5, null)).isEmpty();
    add(1);
    assertThat(after(5, null)).containsExactly(6L);
  }

  @Test
  void whoAsksForOneRunIsToldOfNoOther() {
    add(5);
    events.add("run", Hearers.OF_ALL, "{}");
    assertThat(after(0, TWO)).containsExactly(2L, 4L);
  }

  @Test
  void aRunWithItsStepsIsKeptOnceAndOnlyForWhoFollowsIt() {
    events.addWhole(ONE, "x".repeat(400_000));
    add(1);
    events.addWhole(TWO, "x".repeat(400_000));
    events.addWhole(ONE, "x".repeat(400_000));
    assertThat(after(0, ONE)).as("nothing is forgotten").containsExactly(2L, 4L);
    assertThat(after(0, TWO)).containsExactly(3L);
    assertThat(after(0, null)).containsExactly(2L);
    events.add("pipeline", Hearers.about(ONE.pipeline()), "{}");
    events.add("pipeline", Hearers.about(new PipelineName("bank")), "{}");
    assertThat(after(4, ONE)).containsExactly(5L);
    assertThat(after(4, null)).containsExactly(5L, 6L);
  }

  @Test
  void ofTooManyTheOldestAreForgottenAndThatIsKnown() {
    add(13);
    assertThat(events.after(2, null)).isEmpty();
    assertThat(events.number("e1-2")).isEmpty();
    assertThat(after(3, null)).hasSize(10).first().isEqualTo(4L);
  }

  @Test
  void ofTooManyBytesTheOldestAreForgottenButNeverTheLast() {
    RecentEvents small = new RecentEvents("e1", 10, 1000);
    for (int i = 0; i < 5; i++) {
      small.add("run", Hearers.OF_ALL, "x".repeat(300));
    }
    assertThat(small.after(1, null)).isEmpty();
    assertThat(small.after(2, null)).isPresent();
    small.add("run", Hearers.OF_ALL, "x".repeat(5000));
    assertThat(small.after(4, null)).isEmpty();
    assertThat(small.after(5, null).orElseThrow().frames().length()).isGreaterThan(5000);
  }

  @Test
  void longNewsComesInPiecesAndNoEventIsDivided() {
    for (int i = 0; i < 5; i++) {
      events.add("run", Hearers.OF_ALL, "x".repeat(RecentEvents.PIECE / 2));
    }
    assertThat(events.after(0, null).orElseThrow().upTo()).isEqualTo(2);
    assertThat(after(0, null)).hasSize(5);
  }

  @Test
  void whatWasNotWrittenDownIsKnownToBeMissed() {
    add(3);
    events.skip();
    assertThat(events.after(3, null)).isEmpty();
    assertThat(events.number("e1-3")).isEmpty();
    assertThat(events.number("e1-4")).hasValue(4);
    add(1);
    assertThat(after(4, null)).containsExactly(5L);
  }

  @Test
  void idsOfOtherStartsAndOtherTextsAreNotKnown() {
    add(3);
    assertThat(events.number("e1-3")).hasValue(3);
    for (String id : List.of("e0-3", "e1-4", "e1--1", "e1-", "3", "", "e1-" + "9".repeat(30))) {
      assertThat(events.number(id)).as(id).isEmpty();
    }
  }
}
