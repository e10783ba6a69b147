package dev.pipewright.state;

import static dev.pipewright.state.Life.BUILD;
import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.asks;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.ensured;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.holding;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.locks;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.parked;
import static dev.pipewright.state.Life.resumed;
import static dev.pipewright.state.Life.start;
import static dev.pipewright.state.Life.waits;
import static dev.pipewright.state.Life.yes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.LaunchEnd.Kind;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs wait for, and how they are answered. */
class WaitingTest {
  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
  }

  @Test
  void aRunThatOnlyWaitsHoldsNothing() {
    RunId run = life.waiting(asks(SHIP, null));
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    assertThat(life.run().reason()).isEqualTo("Ship it?");
    assertThat(life.step(SHIP).state()).isEqualTo(Phase.WAITING);
    assertThat(life.step(SHIP).reason()).isEqualTo("Ship it?");
    assertThat(life.run().waits()).singleElement().extracting(OpenWait::path).isEqualTo(SHIP);
    assertThat(life.cases.queue().claimed("spawner")).isEmpty();
    assertThat(life.hasWork()).isFalse();
    life.pass(Duration.ofDays(30));
    life.cases.sweep();
    life.cases.answers().expire();
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    assertThat(life.cases.waiting()).isEqualTo(1);
    assertThat(life.cases.running()).isZero();
    assertThat(life.cases.runs().snapshot(run).summary().waits()).hasSize(1);
  }

  @Test
  void noEngineIsStartedBeforeTheLastUnitIsGone() {
    RunId run = life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), asks(SHIP, null), parked());
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    assertThat(life.hasWork()).isFalse();
    life.exit();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aUnitThatIsNeverHeardOfAgainIsGoneAfterItsLease() {
    RunId run = life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), asks(SHIP, null), parked());
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    life.pass(Duration.ofSeconds(91));
    life.cases.sweep();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void anAnswerThatComesWhileTheEngineWorksIsInItsControl() {
    RunId run = life.create(List.of(leaf("build"), leaf("ship")));
    LaunchOrder order = life.claim();
    life.tell(begun(), start(BUILD), asks(SHIP, null));
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    assertThat(life.run().state()).isEqualTo(Phase.RUNNING);
    assertThat(life.cases.reports().renew(run, new Lease(order.fence())).answers()).hasSize(1);
  }

  @Test
  void cancellingARunThatWaitsEndsItAtOnceIfNothingIsLeftToEnsure() {
    RunId run = life.waiting(asks(SHIP, null));
    life.cases.runs().cancel(run, "ann", "enough");
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(life.run().cancelRequestedBy()).isEqualTo("ann");
    assertThat(life.step(SHIP).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(life.hasWork()).isFalse();
    life.isRefused(Problem.Code.CONFLICT, "is finished", yes(Map.of()));
  }

  @Test
  void cancellingARunThatWaitsLetsAnEngineRunWhatIsToBeEnsured() {
    RunId run =
        life.create(List.of(ensured(holding("stage", "all", leaf("all/ship")), leaf("all/tidy"))));
    life.claim();
    StepPath ship = new StepPath("all/ship");
    life.tell(begun(), asks(ship, null), parked());
    life.cases.runs().cancel(run, "ann", null);
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    life.exit();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    LaunchOrder second = life.claim();
    assertThat(life.cases.reports().renew(run, new Lease(second.fence())).cancelledBy())
        .isEqualTo("ann");
    life.tell(resumed(), over(Outcome.CANCELLED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void whatHoldsAStepThatWaitsIsShownAsWaiting() {
    life.create(List.of(holding("stage", "all", leaf("all/ship"), leaf("all/lint"))));
    life.claim();
    StepPath all = new StepPath("all");
    life.tell(begun(), start(all), asks(new StepPath("all/ship"), null));
    assertThat(life.step(all).state()).isEqualTo(Phase.WAITING);
    life.tell(start(new StepPath("all/lint")));
    assertThat(life.step(all).state()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aContainerWaitsForItsLockBeforeAnythingInItBegins() {
    StepPath all = new StepPath("all");
    life.create(List.of(holding("stage", "all", leaf("all/ship"))));
    life.claim();
    life.tell(begun(), locks("all", all));
    assertThat(life.step(all).state()).isEqualTo(Phase.WAITING);
    life.tell(new RunEvent.Noted("all", "waited"));
    assertThat(life.step(all).state()).isEqualTo(Phase.PENDING);
    life.tell(start(all));
    assertThat(life.step(all).state()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void aResetForgetsWaitsAndAnswersBelowIt() {
    RunId run = life.create(List.of(holding("stage", "all", leaf("all/ship"))));
    StepPath ship = new StepPath("all/ship");
    StepPath all = new StepPath("all");
    life.claim();
    life.tell(begun(), start(all), waits(ship, question()));
    life.cases.answers().decide(run, new Decision(ship, true, null, Map.of()), "ann");
    life.tell(
        finish(ship, Outcome.SUCCEEDED),
        new RunEvent.StepsReset("all", List.of(ship)),
        new RunEvent.StepStarted(all, 2));
    assertThat(life.step(ship).state()).isEqualTo(Phase.PENDING);
    assertThat(life.step(ship).startedAt()).isNull();
    life.tell(waits(ship, question()), parked());
    life.exit();
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    life.cases.answers().decide(run, new Decision(ship, true, null, Map.of()), "bob");
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  private static Wait question() {
    return new Wait(Wait.Kind.APPROVAL, "Ship it?", List.of(), List.of(), null);
  }

  @Test
  void enginesThatDoNothingWithAnAnswerAreNotStartedForEver() {
    RunId run = life.waiting(asks(SHIP, null));
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    for (int launch = 0; launch < 3; launch++) {
      life.claim();
      life.tell(resumed(), parked());
      life.exit();
    }
    assertThat(life.run().outcome()).isEqualTo(Outcome.ERRORED);
    assertThat(life.run().reason()).startsWith("lost: engine after engine");
  }

  @Test
  void aWaitOutlivesTheDeathOfItsEngine() {
    RunId run = life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), start(BUILD), asks(SHIP, null));
    life.die();
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    LaunchOrder second = life.claim();
    assertThat(life.cases.reports().assignment(run, second.fence()).answers()).hasSize(1);
  }

  @Test
  void answersWaitsAndAttemptsAreThereAfterARestart() throws IOException {
    RunId run = life.waiting(asks(SHIP, null));
    life.restart();
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    assertThat(life.run().waits()).hasSize(1);
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    life.restart();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    LaunchOrder second = life.claim();
    life.restart();
    assertThat(life.cases.reports().assignment(run, second.fence()).answers())
        .extracting(Answer::by)
        .containsExactly("ann");
  }

  @Test
  void aRunThatWaitsTakesNoEventsOfTheLaunchThatParked() {
    life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), asks(SHIP, null), parked());
    assertThatThrownBy(() -> life.tell(start(SHIP))).hasMessageContaining("nothing follows");
    life.end(Kind.EXITED, "code 5");
    assertThatThrownBy(() -> life.tell(start(SHIP)))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.is(Problem.Code.FENCED)).isTrue());
  }
}
