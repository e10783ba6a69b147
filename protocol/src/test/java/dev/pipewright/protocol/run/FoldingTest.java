package dev.pipewright.protocol.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.Folding.Child;
import dev.pipewright.protocol.run.StepState.Finished;
import dev.pipewright.protocol.run.StepState.Pending;
import dev.pipewright.protocol.run.StepState.Queued;
import dev.pipewright.protocol.run.StepState.Running;
import dev.pipewright.protocol.run.StepState.Waiting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FoldingTest {
  private static final StepState PENDING = new Pending();
  private static final StepState QUEUED = new Queued();
  private static final StepState RUNNING = new Running();
  private static final StepState WAITING = new Waiting("approval");
  private static final List<StepState> STATES =
      Stream.concat(
              Stream.of(PENDING, QUEUED, RUNNING, WAITING),
              Stream.of(Outcome.values()).map(outcome -> (StepState) new Finished(outcome)))
          .toList();

  /** For each state, how strongly it decides over the others; the table of all pairs follows. */
  private static final Map<String, Integer> STRENGTH =
      Map.of(
          "RUNNING", 9,
          "WAITING", 8,
          "ERRORED", 6,
          "TIMED_OUT", 5,
          "FAILED", 4,
          "CANCELLED", 3,
          "SUCCEEDED", 2,
          "SKIPPED", 2);

  static Stream<Arguments> allPairs() {
    return STATES.stream()
        .flatMap(
            one -> STATES.stream().map(other -> Arguments.of(one, other, expected(one, other))));
  }

  private static StepState expected(StepState one, StepState other) {
    boolean open = isOpen(one) || isOpen(other);
    boolean oneDecides = strength(one) >= strength(other);
    StepState strongest = oneDecides ? one : other;
    if (strongest instanceof Running || strongest instanceof Waiting) {
      return strongest;
    }
    if (open) {
      return isOpen(one) && isOpen(other) ? PENDING : RUNNING;
    }
    return name(strongest).equals("SKIPPED") ? new Finished(Outcome.SUCCEEDED) : strongest;
  }

  private static boolean isOpen(StepState state) {
    return state instanceof Pending || state instanceof Queued;
  }

  private static int strength(StepState state) {
    return STRENGTH.getOrDefault(name(state), 0);
  }

  private static String name(StepState state) {
    return state instanceof Finished(Outcome outcome) ? outcome.name() : state.phase().name();
  }

  @ParameterizedTest
  @MethodSource("allPairs")
  void foldsEveryPairAsTheTableSays(StepState one, StepState other, StepState expected) {
    assertThat(Folding.fold(List.of(new Child(one, false), new Child(other, false))))
        .isEqualTo(expected);
  }

  @Test
  void anEmptyContainerSucceeds() {
    assertThat(Folding.fold(List.of())).isEqualTo(new Finished(Outcome.SUCCEEDED));
  }

  @Test
  void allowedFailuresCountAsSuccess() {
    for (Outcome outcome : Outcome.values()) {
      assertThat(Folding.fold(List.of(new Child(new Finished(outcome), true))))
          .isEqualTo(new Finished(Outcome.SUCCEEDED));
    }
  }

  @Test
  void anAllowedFailureDoesNotHideAnotherFailure() {
    assertThat(
            Folding.fold(
                List.of(
                    new Child(new Finished(Outcome.ERRORED), true),
                    new Child(new Finished(Outcome.FAILED), false))))
        .isEqualTo(new Finished(Outcome.FAILED));
  }

  @Test
  void theOrderOfTheChildrenDoesNotMatter() {
    Random random = new Random(42);
    for (int round = 0; round < 2000; round++) {
      List<Child> children = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        children.add(new Child(STATES.get(random.nextInt(STATES.size())), random.nextBoolean()));
      }
      StepState before = Folding.fold(children);
      Collections.shuffle(children, random);
      assertThat(Folding.fold(children)).isEqualTo(before);
    }
  }

  @Test
  void foldingFoldedGroupsGivesTheSameEndAsFoldingAllAtOnce() {
    Random random = new Random(7);
    Outcome[] outcomes = Outcome.values();
    for (int round = 0; round < 2000; round++) {
      List<Child> left = finished(random, outcomes);
      List<Child> right = finished(random, outcomes);
      List<Child> all = new ArrayList<>(left);
      all.addAll(right);
      assertThat(
              Folding.fold(
                  List.of(
                      new Child(Folding.fold(left), false), new Child(Folding.fold(right), false))))
          .isEqualTo(Folding.fold(all));
    }
  }

  private static List<Child> finished(Random random, Outcome[] outcomes) {
    List<Child> children = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      children.add(
          new Child(new Finished(outcomes[random.nextInt(outcomes.length)]), random.nextBoolean()));
    }
    return children;
  }
}
