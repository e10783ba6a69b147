package dev.pipewright.engine.history;

import static dev.pipewright.dsl.Pipelines.pipeline;
import static dev.pipewright.dsl.Steps.anyOf;
import static dev.pipewright.dsl.Steps.approval;
import static dev.pipewright.dsl.Steps.checkout;
import static dev.pipewright.dsl.Steps.choose;
import static dev.pipewright.dsl.Steps.expand;
import static dev.pipewright.dsl.Steps.inParallel;
import static dev.pipewright.dsl.Steps.onBranch;
import static dev.pipewright.dsl.Steps.sh;
import static dev.pipewright.dsl.Steps.stage;
import static dev.pipewright.dsl.Steps.step;
import static dev.pipewright.dsl.Triggers.manually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.dsl.Step;
import dev.pipewright.engine.plan.PlanReader;
import dev.pipewright.engine.plan.Planned;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Artifact;
import dev.pipewright.protocol.run.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rerun from a step keeps, and what it refuses. */
final class TakeoverTest {
  private static final Artifact JAR = new Artifact("x.jar", BlobDigest.of(new byte[] {1}), 1);

  private final List<EventEnvelope> events = new ArrayList<>();

  TakeoverTest() {
    tell(new RunEvent.RunStarted("1"));
  }

  private void tell(RunEvent event) {
    events.add(new EventEnvelope(events.size() + 1, Instant.EPOCH, event));
  }

  private TakeoverTest ended(String path, Outcome outcome, Artifact... kept) {
    StepPath step = new StepPath(path);
    if (outcome != Outcome.SKIPPED) {
      tell(new RunEvent.StepStarted(step, 1));
    }
    tell(new RunEvent.StepFinished(step, outcome, null, Map.of(), List.of(kept)));
    return this;
  }

  private TakeoverTest good(String... paths) {
    for (String path : paths) {
      ended(path, Outcome.SUCCEEDED);
    }
    return this;
  }

  private static Planned planned(Step first, Step... rest) {
    return PlanReader.read(pipeline("p").startedBy(manually()).runs(first, rest), "P");
  }

  private static Step task(String name) {
    return step(name, _ -> {});
  }

  private List<String> from(Planned planned, String step) throws RefusedException {
    return ends(Takeover.from(planned, History.of(events), new StepPath(step)));
  }

  private static List<String> ends(Takeover takeover) {
    return takeover.events().stream()
        .filter(RunEvent.StepFinished.class::isInstance)
        .map(event -> ((RunEvent.StepFinished) event).path().value())
        .toList();
  }

  private void refused(Planned planned, String step, String why) {
    assertThatThrownBy(() -> from(planned, step))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theStepsBeforeItAreKept() throws Exception {
    good("a", "s/b").ended("s/c", Outcome.FAILED).ended("s", Outcome.FAILED);
    Planned planned = planned(task("a"), stage("s", task("b"), task("c"), task("d")), task("e"));

    assertThat(from(planned, "s/c")).containsExactly("a", "s/b");
    assertThat(from(planned, "s")).containsExactly("a");
    assertThat(from(planned, "a")).isEmpty();
  }

  @Test
  void aStepThatIsNotThereIsRefused() {
    refused(planned(task("a")), "b", "There is no step 'b'.");
  }

  @Test
  void aStepAfterOneWithoutAResultIsRefused() {
    good("a").ended("b", Outcome.FAILED);
    Planned planned = planned(task("a"), task("b"), task("c"), task("d"));

    refused(planned, "d", "'b' before 'd' ended FAILED. Begin there or earlier.");
    events.removeLast();
    refused(planned, "d", "'b' before 'd' has no result. Begin there or earlier.");
  }

  @Test
  void skippedStepsAndAllowedFailuresCountAsResults() throws Exception {
    ended("a", Outcome.SKIPPED).ended("b", Outcome.FAILED);
    Planned planned = planned(onBranch("x", task("a")), sh("b", "false").allowFailure(), task("c"));

    assertThat(from(planned, "c")).containsExactly("a", "b");
  }

  @Test
  void branchesThatSucceededAreKeptAndTheOthersRunAgain() throws Exception {
    good("a").ended("b", Outcome.FAILED).ended("c", Outcome.FAILED);
    Planned planned = planned(inParallel(task("a"), task("b"), task("c")));

    assertThat(from(planned, "b")).containsExactly("a");
  }

  @Test
  void whatRunsOnlyAfterAStepIsRefused() {
    good("a/sweep", "a");
    Planned planned = planned(sh("a", "true").ensure(sh("sweep", "true")));

    refused(planned, "a/sweep", "'a/sweep' runs only after 'a'");
  }

  @Test
  void whatWasExpandedIsRefusedButAStepAfterItKeepsIt() throws Exception {
    Planned planned = planned(expand("e", _ -> List.of()), task("z"));
    tell(
        new RunEvent.StepExpanded(
            StepPath.of("e"), List.of(PlanReader.shape(planned(task("q")).steps().getFirst()))));
    good("e/q", "e");

    refused(planned, "e/q", "Begin at 'e'");
    assertThat(from(planned, "z")).containsExactly("e/q", "e");
  }

  @Test
  void aBranchThatWasNotTakenIsRefused() throws Exception {
    tell(Note.ANSWER.event("/0", "true"));
    ended("else", Outcome.SKIPPED).good("then");
    Planned planned = planned(choose(_ -> true, task("then"), task("else")), task("z"));

    refused(planned, "else", "lies in a branch that was not taken");
    Takeover then = Takeover.from(planned, History.of(events), StepPath.of("then"));
    assertThat(ends(then)).containsExactly("else");
    assertThat(then.events()).contains(Note.ANSWER.event("/0", "true"));
  }

  @Test
  void aBranchThatLostARaceIsRefusedAndTheWinnerRunsAlone() throws Exception {
    ended("a", Outcome.CANCELLED).good("b");
    Planned planned = planned(anyOf(task("a"), task("b")), task("z"));

    refused(planned, "a", "another one succeeded first");
    assertThat(from(planned, "b")).containsExactly("a");
    assertThat(from(planned, "z")).containsExactly("a", "b");
  }

  @Test
  void withoutTheWorkspaceCheckoutsAreDoneAgainAndKeptFilesAreRestored() throws Exception {
    good("s/checkout").ended("s/make", Outcome.SUCCEEDED, JAR).good("s", "ship");
    Planned planned =
        planned(
            stage("s", checkout(), sh("make", "make").keeps("x.jar")), approval("ship"), task("z"));

    Takeover takeover = Takeover.withoutWorkspace(planned, History.of(events), StepPath.of("z"));

    assertThat(ends(takeover)).containsExactly("s/make", "ship");
    assertThat(takeover.artifacts()).containsExactly(JAR);
  }

  @Test
  void withoutTheWorkspaceAStepThatKeptNothingIsRefused() {
    good("checkout", "build");
    Planned planned = planned(checkout(), sh("build", "make"), task("z"));

    assertThatThrownBy(
            () -> Takeover.withoutWorkspace(planned, History.of(events), StepPath.of("z")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("what 'build' left in it was not kept");
  }

  @Test
  void afterALossOnlyWhatMayHappenOnceIsKept() {
    good("a", "b");
    tell(new RunEvent.StepStarted(StepPath.of("c"), 1));
    Planned planned =
        planned(task("a"), sh("b", "true").atMostOnce(), sh("c", "true").atMostOnce(), task("d"));

    Takeover takeover = Takeover.afterLoss(planned, History.of(events));

    assertThat(ends(takeover)).containsExactly("b");
    assertThat(takeover.events()).contains(Note.UNKNOWN.event("c", ""));
  }
}
