package dev.pipewright.state;

import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.finish;
import static dev.pipewright.state.Life.holding;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.resumed;
import static dev.pipewright.state.Life.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.PlanStep;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.StepSnapshot;
import dev.pipewright.protocol.run.TestCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that become known on the way, tests that are found, and how much of both there may be. */
class ExpansionTest {
  private static final StepPath FAN = new StepPath("fan");
  private static final StepPath ONE = new StepPath("fan/one");

  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
    life.create(List.of(leaf("build"), holding("expand", "fan"), leaf("ship")));
    life.claim();
    life.tell(begun(), start(FAN));
  }

  private List<String> paths() {
    return life.run().steps().stream().map(step -> step.path().value()).toList();
  }

  private static List<PlanStep> planned(RunSnapshot run) {
    return Objects.requireNonNull(run.plan()).addressedSteps();
  }

  private static RunEvent expanded(PlanStep... steps) {
    return new RunEvent.StepExpanded(FAN, List.of(steps));
  }

  @Test
  void stepsThatBecomeKnownAreShownInTheirPlace() {
    life.tell(expanded(leaf("fan/one"), holding("stage", "fan/two", leaf("fan/two/a"))));
    assertThat(paths()).containsExactly("build", "fan", "fan/one", "fan/two", "fan/two/a", "ship");
    assertThat(planned(life.run()))
        .extracting(step -> String.valueOf(step.path()))
        .containsExactlyElementsOf(paths());
    life.tell(start(ONE));
    assertThat(life.step(FAN).state()).isEqualTo(Phase.RUNNING);
  }

  @Test
  void stepsThatBecameKnownAreThereAfterARestartAndWithTheNextEngine() throws IOException {
    life.tell(expanded(leaf("fan/one")), start(ONE), finish(ONE, Outcome.SUCCEEDED));
    life.restart();
    assertThat(life.step(ONE).outcome()).isEqualTo(Outcome.SUCCEEDED);
    life.die();
    life.claim();
    life.tell(resumed());
    assertThat(life.step(ONE).outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(paths()).containsExactly("build", "fan", "fan/one", "ship");
  }

  @Test
  void anExpansionTakesTheOneBeforeAway() {
    life.tell(expanded(leaf("fan/one"), leaf("fan/two")), start(ONE));
    life.tell(new RunEvent.StepsReset("fan", List.of(ONE, new StepPath("fan/two"))));
    assertThat(life.step(ONE).state()).isEqualTo(Phase.PENDING);
    life.tell(expanded(leaf("fan/three")));
    assertThat(paths()).containsExactly("build", "fan", "fan/three", "ship");
  }

  @Test
  void anExpansionInsideAnotherIsShownToo() {
    StepPath inner = new StepPath("fan/more");
    life.tell(
        expanded(holding("expand", "fan/more")),
        new RunEvent.StepExpanded(inner, List.of(leaf("fan/more/x"))));
    assertThat(paths()).containsExactly("build", "fan", "fan/more", "fan/more/x", "ship");
  }

  @Test
  void aNewAttemptKnowsNothingOfTheStepsOfTheOneBefore() {
    life.tell(expanded(leaf("fan/one")), start(ONE));
    life.die();
    life.claim();
    life.tell(Life.begun(2, null));
    assertThat(paths()).containsExactly("build", "fan", "ship");
    assertThat(life.cases.runs().attempt(life.run().id(), 1).steps()).hasSize(4);
    assertThat(planned(life.cases.runs().attempt(life.run().id(), 1))).hasSize(4);
  }

  @Test
  void aThousandStepsAreTakenAndTooManyAreNot() {
    PlanStep[] thousand =
        IntStream.range(0, 1_000).mapToObj(i -> leaf("fan/" + i)).toArray(PlanStep[]::new);
    life.tell(expanded(thousand));
    assertThat(paths()).hasSize(1_003);
    PlanStep[] more =
        IntStream.range(0, 2_000).mapToObj(i -> leaf("fan/" + i)).toArray(PlanStep[]::new);
    assertThatThrownBy(() -> life.tell(expanded(more)))
        .hasMessageContaining("at most 2,000 steps, not 2,003");
    life.tell(over(Outcome.ERRORED));
    assertThat(life.run().outcome()).isEqualTo(Outcome.ERRORED);
  }

  @Test
  void aPlanWithTooManyStepsIsNotQueued() {
    List<PlanStep> many = IntStream.range(0, 2_001).mapToObj(i -> leaf("step " + i)).toList();
    assertThatThrownBy(() -> life.create(many)).hasMessageContaining("at most 2,000 steps");
  }

  @Test
  void notesAreCountedToo() {
    String long1 = "x".repeat(1_500_000);
    life.tell(new RunEvent.Noted("a", long1));
    life.tell(new RunEvent.Noted("a", long1));
    assertThatThrownBy(() -> life.tell(new RunEvent.Noted("a", long1)))
        .hasMessageContaining("at most 4,000,000 characters");
  }

  @Test
  void testsBelongToTheirStepAndTheLastReportCounts() {
    StepPath build = new StepPath("build");
    BlobDigest first = BlobDigest.of("1".getBytes(StandardCharsets.UTF_8));
    BlobDigest second = BlobDigest.of("2".getBytes(StandardCharsets.UTF_8));
    TestCounts counts = new TestCounts(3, 1, 0, 0, 1.5);
    life.tell(
        start(build),
        new RunEvent.TestsFound(build, TestCounts.NONE, first),
        new RunEvent.TestsFound(build, counts, second),
        finish(build, Outcome.FAILED));
    StepSnapshot step = life.step(build);
    assertThat(step.tests()).isEqualTo(counts);
    assertThat(step.testReport()).isEqualTo(second);
    life.tell(new RunEvent.StepStarted(build, 2));
    assertThat(life.step(build).tests()).isNull();
  }
}
