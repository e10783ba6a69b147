package dev.pipewright.state;

import static dev.pipewright.state.Life.BUILD;
import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.ensured;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.resumed;
import static dev.pipewright.state.Life.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Assignment;
import dev.pipewright.protocol.api.EventBatch;
import dev.pipewright.protocol.api.LaunchEnd.Kind;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.PastAttempt;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.store.LogKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose engines die, and what becomes of them. */
class GoingOnTest {
  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
  }

  private LaunchOrder begin() {
    life.create(List.of(leaf("build"), leaf("ship")));
    LaunchOrder order = life.claim();
    life.tell(begun(), start(BUILD), finish(BUILD, Outcome.SUCCEEDED), start(SHIP));
    return order;
  }

  private static void isFenced(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.FENCED)).isTrue());
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"EXITED", "LOST", "STOPPED"})
  void aRunWhoseUnitIsGoneIsQueuedAgainWithTheReason(Kind kind) {
    LaunchOrder first = begin();
    life.end(kind, "The host is gone.");
    RunSnapshot queued = life.run();
    assertThat(queued.state()).isEqualTo(Phase.QUEUED);
    assertThat(queued.reason())
        .isEqualTo("The host is gone. (It is tried again, with launch %d.)", first.fence() + 1);
    LaunchOrder second = life.claim();
    assertThat(second.fence()).isEqualTo(first.fence() + 1);
    assertThat(second.attempt()).isEqualTo(1);
    assertThat(second.workspace()).isEqualTo(first.workspace());
    life.tell(resumed(), start(SHIP), finish(SHIP, Outcome.SUCCEEDED), over(Outcome.SUCCEEDED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(life.run().reason()).isNull();
    assertThat(life.run().attempts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"OOM, ERRORED", "START_FAILED, ERRORED", "LIMIT, TIMED_OUT"})
  void someEndsOfAUnitEndTheRun(Kind kind, Outcome outcome) {
    begin();
    life.end(kind, "It was too much.");
    assertThat(life.run().outcome()).isEqualTo(outcome);
    assertThat(life.run().reason()).isEqualTo("It was too much.");
    assertThat(life.step(SHIP).outcome()).isEqualTo(outcome);
  }

  @Test
  void anEngineThatGoesOnIsToldWhereTheOutputEndsAndWhatHappened() {
    LaunchOrder first = begin();
    byte[] output = "hello\n".getBytes(StandardCharsets.UTF_8);
    life.cases.reports().append(first.run(), SHIP, first.fence(), 0, null, output);
    Assignment fresh = life.cases.reports().assignment(first.run(), first.fence());
    assertThat(fresh.resumed()).isTrue();
    life.die();
    LaunchOrder second = life.claim();
    life.tell(resumed());
    Assignment next = life.cases.reports().assignment(second.run(), second.fence());
    assertThat(next.resumed()).isTrue();
    assertThat(next.attempt()).isEqualTo(1);
    assertThat(next.logEnds()).containsOnly(java.util.Map.entry(SHIP, 6L));
    assertThat(life.cases.reports().history(second.run(), second.fence()))
        .extracting(each -> each.event().getClass().getSimpleName())
        .containsExactly("RunStarted", "StepStarted", "StepFinished", "StepStarted", "RunResumed");
  }

  @Test
  void theFirstLaunchGoesOnWithNothing() {
    life.create(List.of(leaf("build")));
    LaunchOrder order = life.claim();
    Assignment assignment = life.cases.reports().assignment(order.run(), order.fence());
    assertThat(assignment.resumed()).isFalse();
    assertThat(assignment.logEnds()).isEmpty();
    assertThat(assignment.from()).isNull();
  }

  @Test
  void anEngineThatDiesBeforeItsFirstWordIsReplaced() {
    life.create(List.of(leaf("build")));
    life.claim();
    life.die();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    LaunchOrder second = life.claim();
    assertThat(life.cases.reports().assignment(second.run(), second.fence()).resumed()).isFalse();
    life.tell(begun(), over(Outcome.SUCCEEDED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void threeLaunchesInARowWithoutAFinishedStepAreTheEnd() {
    begin();
    life.die();
    for (int launch = 2; launch <= 3; launch++) {
      life.claim();
      life.tell(resumed(), start(SHIP));
      life.die();
      assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    }
    life.claim();
    life.tell(resumed(), start(SHIP));
    life.die();
    assertThat(life.run().outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(life.run().reason())
        .startsWith("lost: 3 launches in a row")
        .contains("The container was killed.");
    assertThat(life.step(BUILD).outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void aFinishedStepMakesRoomForThreeMoreLaunches() {
    begin();
    life.die();
    for (int launch = 0; launch < 2; launch++) {
      life.claim();
      life.tell(resumed(), start(SHIP));
      life.die();
    }
    life.claim();
    life.tell(resumed(), finish(SHIP, Outcome.FAILED));
    life.die();
    life.claim();
    life.die();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aStepThatIsToldOfOnceMoreIsNoProgress() {
    begin();
    life.die();
    for (int launch = 0; launch < 3; launch++) {
      life.claim();
      life.tell(resumed(), finish(BUILD, Outcome.SUCCEEDED));
      life.die();
    }
    assertThat(life.run().outcome()).isEqualTo(Outcome.ERRORED);
  }

  @Test
  void aLaunchThatWasTakenAwayCanWriteNothing() {
    LaunchOrder old = begin();
    life.pass(Duration.ofSeconds(91));
    life.cases.sweep();
    EventBatch late =
        new EventBatch(
            old.fence(),
            List.of(new EventEnvelope(5, life.now(), finish(SHIP, Outcome.SUCCEEDED))));
    LogKey log = new LogKey(old.run(), SHIP);
    for (int round = 0; round < 2; round++) {
      isFenced(() -> life.cases.reports().report(old.run(), late));
      isFenced(
          () -> life.cases.reports().append(old.run(), SHIP, old.fence(), 0, null, new byte[1]));
      isFenced(() -> life.cases.reports().renew(old.run(), new Lease(old.fence())));
      isFenced(() -> life.cases.reports().assignment(old.run(), old.fence()));
      isFenced(() -> life.cases.reports().history(old.run(), old.fence()));
      isFenced(
          () ->
              life.cases.queue().launched(old.run(), new LaunchReport(old.fence(), "unit", null)));
      assertThat(life.storage.logs().length(log)).isZero();
      if (round == 0) {
        assertThat(life.claim().fence()).isGreaterThan(old.fence());
      }
    }
    assertThat(life.step(SHIP).outcome()).isNull();
  }

  @Test
  void aLateWordOfTheUnitThatWasTakenAwayChangesNothing() {
    LaunchOrder old = begin();
    life.pass(Duration.ofSeconds(91));
    life.cases.sweep();
    life.die();
    life.die();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    assertThat(life.claim().fence()).isEqualTo(old.fence() + 1);
  }

  @Test
  void eventsOfTheLastLaunchAreToldAnewBeforeTheNextOneGoesOn() {
    life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), start(BUILD));
    life.die();
    life.claim();
    life.tell(finishLate());
    assertThat(life.step(BUILD).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(life.run().state()).isEqualTo(Phase.RUNNING);
  }

  private static dev.pipewright.protocol.event.RunEvent[] finishLate() {
    return new dev.pipewright.protocol.event.RunEvent[] {
      resumed(), finish(BUILD, Outcome.SUCCEEDED), resumed()
    };
  }

  @Test
  void nothingCanGoOnThatHasNotBegun() {
    life.create(List.of(leaf("build")));
    life.claim();
    assertThatThrownBy(() -> life.tell(resumed())).hasMessageContaining("has not begun");
  }

  @Test
  void aLostWorkspaceBeginsAnotherAttempt() {
    LaunchOrder first = begin();
    byte[] output = "one\n".getBytes(StandardCharsets.UTF_8);
    life.cases.reports().append(first.run(), SHIP, first.fence(), 0, null, output);
    life.die();
    LaunchOrder second = life.claim();
    life.tell(begun(2, "The workspace was lost."), start(BUILD));
    byte[] other = "two\n".getBytes(StandardCharsets.UTF_8);
    life.cases.reports().append(second.run(), SHIP, second.fence(), 0, null, other);
    RunSnapshot now = life.run();
    assertThat(now.attempt()).isEqualTo(2);
    assertThat(life.step(BUILD).state()).isEqualTo(Phase.RUNNING);
    assertThat(life.step(SHIP).state()).isEqualTo(Phase.PENDING);
    assertThat(now.attempts())
        .extracting(PastAttempt::attempt, PastAttempt::outcome, PastAttempt::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, Outcome.ERRORED, "The workspace was lost."));
    RunSnapshot before = life.cases.runs().attempt(first.run(), 1);
    assertThat(before.outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(before.steps())
        .extracting(step -> step.path() + " " + step.outcome() + " " + step.logBytes())
        .containsExactly("build SUCCEEDED 0", "ship ERRORED 4");
    LogKey one = new LogKey(first.run(), 1, SHIP);
    LogKey two = new LogKey(first.run(), 2, SHIP);
    assertThat(life.storage.logs().read(one, 0, 9)).isEqualTo(output);
    assertThat(life.storage.logs().read(two, 0, 9)).isEqualTo(other);
  }

  @Test
  void aWorkspaceThatIsLostAgainAndAgainIsTheEnd() {
    life.create(List.of(leaf("build")));
    for (int attempt = 1; attempt <= 6; attempt++) {
      life.claim();
      life.tell(begun(attempt, null), start(BUILD), finish(BUILD, Outcome.SUCCEEDED));
      life.die();
    }
    assertThat(life.run().outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(life.run().reason()).startsWith("lost: the workspace was lost 5 times");
  }

  @Test
  void anAttemptBeginsOnce() {
    begin();
    life.die();
    life.claim();
    assertThatThrownBy(() -> life.tell(begun(1, null))).hasMessageContaining("2 is the next");
    assertThatThrownBy(() -> life.tell(begun(3, null))).hasMessageContaining("2 is the next");
  }

  @Test
  void aCancelledRunThatDiesGetsOneMoreLaunchForItsEnsureSteps() {
    life.create(List.of(ensured(leaf("build"), leaf("build/tidy")), leaf("ship")));
    life.claim();
    life.tell(begun(), start(BUILD));
    life.pass(Duration.ofSeconds(1));
    life.cases.runs().cancel(life.run().id(), "ann", "enough");
    life.die();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    life.pass(Duration.ofSeconds(1));
    LaunchOrder last = life.claim();
    assertThat(life.cases.reports().renew(last.run(), new Lease(last.fence())).cancelledBy())
        .isEqualTo("ann");
    life.tell(resumed());
    life.die();
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aCancelledRunThatDiesWithoutEnsureStepsIsOver() {
    life.create(List.of(leaf("build"), ensured(leaf("ship"), leaf("ship/tidy"))));
    life.claim();
    life.tell(begun(), start(BUILD));
    life.cases.runs().cancel(life.run().id(), "ann", "enough");
    life.die();
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(life.hasWork()).isFalse();
  }

  @Test
  void aRunThatWaitsForItsNextEngineIsCancelledAtOnceUnlessEnsureStepsAreLeft() {
    begin();
    life.die();
    life.cases.runs().cancel(life.run().id(), "ann", null);
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(life.hasWork()).isFalse();
  }

  @Test
  void aRunThatWaitsForItsNextEngineKeepsItsPlaceToRunEnsureSteps() {
    life.create(List.of(ensured(leaf("build"), leaf("build/tidy"))));
    life.claim();
    life.tell(begun(), start(BUILD));
    life.die();
    life.cases.runs().cancel(life.run().id(), "ann", null);
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    life.claim();
    life.tell(resumed(), over(Outcome.CANCELLED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void everythingIsThereAfterARestart() throws IOException {
    begin();
    life.die();
    life.restart();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    LaunchOrder second = life.claim();
    life.tell(begun(2, "The workspace was lost."), start(BUILD));
    life.restart();
    assertThat(life.run().attempt()).isEqualTo(2);
    assertThat(life.step(BUILD).state()).isEqualTo(Phase.RUNNING);
    assertThat(life.cases.runs().attempt(second.run(), 1).steps()).hasSize(2);
    life.tell(finish(BUILD, Outcome.SUCCEEDED), over(Outcome.SUCCEEDED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }
}
