package dev.pipewright.state;

import static dev.pipewright.state.Life.BUILD;
import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.asks;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.finish;
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
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.Lease;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Answer;
import dev.pipewright.protocol.run.Answer.Verdict;
import dev.pipewright.protocol.run.OpenWait;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ParameterSpec;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers to what runs wait for. */
class DecisionTest {
  private static final ParameterSpec WHERE =
      new ParameterSpec("where", ParameterSpec.Kind.CHOICE, "", List.of("east", "west"), null);
  private static final ParameterSpec FAST =
      new ParameterSpec("fast", ParameterSpec.Kind.BOOL, "", List.of(), "false");

  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
  }

  @Test
  void anApprovalLetsAnotherEngineGoOnWithTheValues() {
    RunId run = life.waiting(asks(SHIP, null, WHERE, FAST));
    life.cases.answers().decide(run, yes(Map.of("where", "east")), "ann");
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    LaunchOrder second = life.claim();
    Answer answer = life.cases.reports().assignment(run, second.fence()).answers().getFirst();
    assertThat(answer)
        .isEqualTo(
            new Answer(
                "ship",
                Verdict.APPROVED,
                "ann",
                "go",
                life.now(),
                Map.of("where", "east", "fast", "false")));
    assertThat(life.cases.reports().renew(run, new Lease(second.fence())).answers())
        .containsExactly(answer);
    life.tell(resumed(), finish(SHIP, Outcome.SUCCEEDED), over(Outcome.SUCCEEDED));
    assertThat(life.run().waits()).isEmpty();
    assertThat(life.run().outcome()).isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void everythingThatIsWrongWithTheValuesIsToldAtOnce() {
    life.waiting(asks(SHIP, null, WHERE, FAST));
    assertThatThrownBy(
            () ->
                life.cases
                    .answers()
                    .decide(
                        life.run().id(), yes(Map.of("fast", "perhaps", "colour", "red")), "ann"))
        .hasMessageContaining("'where' is missing")
        .hasMessageContaining("'fast' is true or false")
        .hasMessageContaining("There is no 'colour'");
    life.isRefused(Problem.Code.MALFORMED, "one of east, west", yes(Map.of("where", "north")));
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
  }

  @Test
  void aRejectionNeedsNoValues() {
    RunId run = life.waiting(asks(SHIP, null, WHERE));
    life.cases.answers().decide(run, new Decision(SHIP, false, "no", Map.of()), "ann");
    LaunchOrder second = life.claim();
    assertThat(life.cases.reports().assignment(run, second.fence()).answers())
        .extracting(Answer::verdict)
        .containsExactly(Verdict.REJECTED);
  }

  @Test
  void whatWasDecidedStaysDecided() {
    RunId run = life.waiting(asks(SHIP, null));
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    life.isRefused(Problem.Code.CONFLICT, "approved by ann", yes(Map.of()));
    life.claim();
    life.tell(resumed(), finish(SHIP, Outcome.SUCCEEDED), start(BUILD));
    life.isRefused(Problem.Code.CONFLICT, "approved by ann", yes(Map.of()));
    life.tell(over(Outcome.SUCCEEDED));
    life.isRefused(Problem.Code.CONFLICT, "is finished", yes(Map.of()));
  }

  @Test
  void onlyStepsThatWaitForPeopleTakeDecisions() {
    life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun(), locks("build", BUILD));
    life.isRefused(Problem.Code.NOT_FOUND, "waits for no decision", yes(Map.of()));
    life.isRefused(
        Problem.Code.NOT_FOUND, "waits for no decision", new Decision(BUILD, true, null, Map.of()));
    life.isRefused(
        Problem.Code.NOT_FOUND,
        "waits for no decision",
        new Decision(new StepPath("nothing"), true, null, Map.of()));
  }

  @Test
  void ofManyDecisionsAtOnceOneCounts() throws Exception {
    RunId run = life.waiting(asks(SHIP, null));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String by = "person " + i;
        calls.add(
            threads.submit(
                () -> {
                  try {
                    life.cases.answers().decide(run, yes(Map.of()), by);
                    return true;
                  } catch (ApiException e) {
                    assertThat(e.is(Problem.Code.CONFLICT)).isTrue();
                    return false;
                  }
                }));
      }
      int counted = 0;
      for (Future<Boolean> call : calls) {
        counted += call.get() ? 1 : 0;
      }
      assertThat(counted).isEqualTo(1);
    }
  }

  @Test
  void aWaitEndsByItselfAtItsTime() {
    RunId run = life.waiting(asks(SHIP, life.now().plusSeconds(60)));
    life.pass(Duration.ofSeconds(59));
    life.cases.answers().expire();
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
    life.pass(Duration.ofSeconds(1));
    life.cases.answers().expire();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    life.isRefused(Problem.Code.CONFLICT, "nobody answered in time", yes(Map.of()));
    LaunchOrder second = life.claim();
    assertThat(life.cases.reports().assignment(run, second.fence()).answers())
        .extracting(Answer::verdict)
        .containsExactly(Verdict.EXPIRED);
    life.pass(Duration.ofHours(1));
    long version = life.run().version();
    life.cases.answers().expire();
    assertThat(life.run().version()).isEqualTo(version);
  }

  @Test
  void aDecisionAfterTheTimeIsTooLateEvenBeforeTheSweep() {
    life.waiting(asks(SHIP, life.now().plusSeconds(60)));
    life.pass(Duration.ofSeconds(60));
    life.isRefused(Problem.Code.CONFLICT, "nobody answered in time", yes(Map.of()));
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aTimeIsKeptOverARestart() throws IOException {
    life.waiting(asks(SHIP, life.now().plusSeconds(60)));
    life.restart();
    life.pass(Duration.ofSeconds(61));
    life.cases.answers().expire();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void anAnswerOfTheServerCountsOnceAndMayComeBeforeTheWaitIsToldOf() {
    RunId run = life.create(List.of(leaf("build"), leaf("ship")));
    life.claim();
    life.tell(begun());
    Answer granted =
        new Answer("ship", Verdict.GRANTED, null, null, life.now(), Map.of("grant", "7"));
    assertThat(life.cases.answers().give(run, 2, granted)).isFalse();
    assertThat(life.cases.answers().give(run, 1, granted)).isTrue();
    assertThat(life.cases.answers().give(run, 1, granted)).isFalse();
    life.tell(locks("ship", null), parked());
    life.exit();
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
    life.claim();
    life.tell(resumed(), new RunEvent.Noted("ship", "waited"));
    assertThat(life.run().waits()).isEmpty();
    life.tell(over(Outcome.SUCCEEDED));
    assertThat(life.cases.answers().give(run, 1, granted)).isFalse();
  }

  @Test
  void aQuestionThatIsAskedOnceMoreNeedsAnotherAnswer() {
    RunId run = life.waiting(asks(SHIP, null));
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    life.claim();
    life.tell(resumed(), start(SHIP), asks(SHIP, null), parked());
    life.exit();
    assertThat(life.run().state()).isEqualTo(Phase.WAITING);
  }

  @Test
  void aQuestionThatIsToldOfOnceMoreKeepsItsAnswerAndItsTime() {
    RunId run = life.waiting(asks(SHIP, null));
    OpenWait before = life.run().waits().getFirst();
    life.cases.answers().decide(run, yes(Map.of()), "ann");
    life.pass(Duration.ofSeconds(5));
    LaunchOrder second = life.claim();
    life.tell(resumed(), asks(SHIP, null));
    assertThat(life.run().waits()).containsExactly(before);
    assertThat(life.cases.reports().renew(run, new Lease(second.fence())).answers()).hasSize(1);
  }

  @Test
  void anUnknownEndIsDecidedByAPerson() {
    ParameterSpec end =
        new ParameterSpec(
            "end", ParameterSpec.Kind.CHOICE, "", List.of("happened", "failed", "again"), null);
    RunId run =
        life.waiting(
            waits(
                SHIP,
                new Wait(Wait.Kind.UNKNOWN_END, "Did it happen?", List.of(), List.of(end), null)));
    life.cases.answers().decide(run, yes(Map.of("end", "happened")), "ann");
    assertThat(life.run().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void pathsAreReadFromKeys() {
    assertThat(RunAnswers.pathOf("verify//0/lint")).isEqualTo("verify/lint");
    assertThat(RunAnswers.pathOf("/0/lint")).isEqualTo("lint");
    assertThat(RunAnswers.pathOf("/3")).isEmpty();
    assertThat(RunAnswers.pathOf("a//1//0/b")).isEqualTo("a/b");
  }
}
