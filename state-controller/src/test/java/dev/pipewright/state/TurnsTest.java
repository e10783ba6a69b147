package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TurnsTest {
  private static final int ANY = Integer.MAX_VALUE;

  private static Turns.Turn turn(String pipeline, int number, @Nullable Integer atMost) {
    return new Turns.Turn(
        new RunId(new PipelineName(pipeline), number),
        new SourceName(pipeline.substring(0, pipeline.indexOf(' '))),
        Samples.NOON.plusSeconds(number),
        atMost);
  }

  private static void await(Turns turns, String pipeline, int from, int to) {
    for (int number = from; number <= to; number++) {
      turns.await(turn(pipeline, number, null));
    }
  }

  private static List<String> taken(Turns turns, int most) {
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      turns.next().ifPresent(run -> taken.add(run.toString()));
    }
    return taken;
  }

  @Test
  void runsOfOneSourceGoInTheOrderOfTheirComing() {
    Turns turns = new Turns(ANY);
    turns.await(turn("shop b", 2, null));
    turns.await(turn("shop a", 3, null));
    turns.await(turn("shop b", 1, null));

    assertThat(taken(turns, 9)).containsExactly("shop b#1", "shop b#2", "shop a#3");
    assertThat(turns.waiting()).isZero();
  }

  @Test
  void aFloodOfOneSourceDelaysTheRunOfAnotherByNoMoreThanOneSlot() {
    Turns turns = new Turns(4);
    await(turns, "flood x", 1, 200);
    assertThat(taken(turns, 9)).hasSize(4);
    turns.await(turn("small x", 500, null));

    turns.leave(new RunId(new PipelineName("flood x"), 1));

    assertThat(taken(turns, 9)).containsExactly("small x#500");
  }

  @Test
  void sourcesWithAsManyRunsUnderWayTakeTurns() {
    Turns turns = new Turns(1);
    await(turns, "one x", 1, 3);
    await(turns, "two x", 11, 13);
    await(turns, "three x", 21, 23);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      RunId run = turns.next().orElseThrow();
      order.add(run.pipeline().value().substring(0, 2));
      turns.leave(run);
    }

    assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("on", "tw", "th");
    assertThat(order.subList(3, 6)).isEqualTo(order.subList(0, 3));
    assertThat(order.subList(6, 9)).isEqualTo(order.subList(0, 3));
  }

  @Test
  void aPipelineAtItsLimitIsPassedOverAndGoesOnWhenOneEnds() {
    Turns turns = new Turns(ANY);
    turns.await(turn("shop a", 1, 1));
    turns.await(turn("shop a", 2, 1));
    turns.await(turn("shop b", 3, null));
    turns.await(turn("shop a", 4, 1));

    assertThat(taken(turns, 9)).containsExactly("shop a#1", "shop b#3");
    turns.leave(new RunId(new PipelineName("shop a"), 1));

    assertThat(taken(turns, 9)).containsExactly("shop a#2");
    assertThat(turns.isReady()).isFalse();
    assertThat(turns.waiting()).isEqualTo(1);
  }

  @Test
  void aRunThatWantsToBeAloneIsNotJoinedByAVersionOfItsPipelineThatDoesNot() {
    Turns turns = new Turns(ANY);
    turns.begin(turn("shop a", 1, 1));
    turns.await(turn("shop a", 2, null));

    assertThat(taken(turns, 9)).isEmpty();
    turns.leave(new RunId(new PipelineName("shop a"), 1));

    assertThat(taken(turns, 9)).containsExactly("shop a#2");
  }

  @Test
  void aRunThatGoesBackIntoTheLineIsBeforeThoseThatCameLater() {
    Turns turns = new Turns(ANY);
    turns.begin(turn("shop a", 1, 1));
    turns.await(turn("shop a", 2, 1));
    turns.await(turn("shop a", 1, 1));

    assertThat(taken(turns, 9)).containsExactly("shop a#1");
  }

  @Test
  void noMoreRunsAreUnderWayThanTheServerAllows() {
    Turns turns = new Turns(3);
    turns.begin(turn("old x", 1, null));
    await(turns, "shop x", 1, 10);

    assertThat(taken(turns, 9)).hasSize(2);
    assertThat(turns.isReady()).isFalse();
  }

  @Test
  void whateverHappensLimitsHoldAndEverybodyGetsATurn() {
    Random random = new Random(7);
    Turns turns = new Turns(8);
    Map<RunId, Turns.Turn> waiting = new HashMap<>();
    Map<RunId, Turns.Turn> running = new HashMap<>();
    for (int i = 1; i <= 4_000; i++) {
      int source = random.nextInt(5);
      int pipeline = random.nextInt(3);
      switch (random.nextInt(3)) {
        case 0 -> {
          Integer atMost = pipeline == 0 ? null : Integer.valueOf(pipeline);
          Turns.Turn fresh = turn("s" + source + " p" + pipeline, i, atMost);
          waiting.put(fresh.run(), fresh);
          turns.await(fresh);
        }
        case 1 -> {
          Optional<RunId> next = turns.next();
          next.ifPresent(run -> running.put(run, waiting.remove(run)));
        }
        default -> {
          if (!running.isEmpty()) {
            RunId ended = running.keySet().iterator().next();
            running.remove(ended);
            turns.leave(ended);
          }
        }
      }
      assertThat(running).hasSizeLessThanOrEqualTo(8);
      assertThat(turns.waiting()).isEqualTo(waiting.size());
      running.values().forEach(one -> assertThat(alongside(running, one)).isTrue());
    }
    while (!waiting.isEmpty() || !running.isEmpty()) {
      Optional<RunId> next = turns.next();
      if (next.isPresent()) {
        running.put(next.get(), waiting.remove(next.get()));
      } else {
        assertThat(running).isNotEmpty();
        running.keySet().forEach(turns::leave);
        running.clear();
      }
    }
  }

  private static boolean alongside(Map<RunId, Turns.Turn> running, Turns.Turn one) {
    long same =
        running.keySet().stream()
            .filter(run -> run.pipeline().equals(one.run().pipeline()))
            .count();
    return same <= one.most();
  }

  @Test
  void tenThousandRunsInTheLineAreGivenOutInAMoment() {
    Turns turns = new Turns(16);
    for (int i = 0; i < 10_000; i++) {
      turns.await(turn("s%d p%d".formatted(i % 100, i % 700), i + 1, 1 + i % 3));
    }
    // What this thread has had of a processor: others on this machine do not count.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begun = threads.getCurrentThreadCpuTime();
    int given = 0;
    List<RunId> running = new ArrayList<>();
    while (given < 10_000) {
      Optional<RunId> next = turns.next();
      if (next.isPresent()) {
        given++;
        running.add(next.get());
      } else {
        turns.leave(running.removeFirst());
      }
    }

    assertThat(threads.getCurrentThreadCpuTime() - begun).isLessThan(2_000_000_000L);
  }
}
