package dev.pipewright.state;

import static dev.pipewright.state.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.event.EventEnvelope;
import dev.pipewright.protocol.event.RunEvent;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of its runs a pipeline shows. */
class PipelineStandingTest {
  private static final String MAIN = "refs/heads/main";
  private static final String PULL = "refs/pull/7/head";

  private final AtomicInteger keys = new AtomicInteger();
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
  }

  private LaunchOrder running(String ref) {
    return bench.running(Samples.order("shop", "standing " + keys.incrementAndGet(), ref));
  }

  private void queued(String ref) {
    Object unused =
        bench.cases.runs().create(Samples.order("shop", "queued " + keys.incrementAndGet(), ref));
  }

  /** A run that asks whether to ship and does nothing else. */
  private LaunchOrder parked(String ref) {
    LaunchOrder launch = running(ref);
    bench.report(launch, event(2, Life.asks(Samples.DEPLOY, null)), event(3, Life.parked()));
    return launch;
  }

  private void ran(String ref, Outcome outcome, long seconds) {
    Object unused =
        bench.cases.runs().create(Samples.order("shop", "ran " + keys.incrementAndGet(), ref));
    LaunchOrder launch = bench.cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    bench.report(
        launch, new EventEnvelope(1, bench.clock().instant(), new RunEvent.RunStarted("1")));
    bench.pass(Duration.ofSeconds(seconds));
    bench.report(
        launch,
        new EventEnvelope(2, bench.clock().instant(), new RunEvent.RunFinished(outcome, null)));
  }

  private PipelineView view() {
    return bench.cases.pipelines().view(new PipelineName("shop"));
  }

  private RunSnapshot current() {
    return Objects.requireNonNull(view().current());
  }

  @Test
  void aRunThatIsParkedHidesNoWork() {
    LaunchOrder first = parked(MAIN);
    assertThat(current().number()).isEqualTo(1);
    assertThat(view().state()).isEqualTo(Phase.WAITING);
    queued(MAIN);
    assertThat(current().number()).isEqualTo(2);
    assertThat(view().state()).isEqualTo(Phase.QUEUED);
    Object unused = bench.cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    queued(MAIN);
    LaunchOrder third = bench.cases.queue().claim("spawner", Duration.ZERO).orElseThrow();
    bench.report(third, Samples.began(1));
    assertThat(current().id()).isEqualTo(third.run());
    assertThat(view().state()).isEqualTo(Phase.RUNNING);
    assertThat(view().waiting()).isEqualTo(1);
    assertThat(first.run().number()).isEqualTo(1);
  }

  @Test
  void aPullRequestTakesNoPlaceOfTheBranchThatStandsForThePipeline() {
    LaunchOrder main = parked(MAIN);
    running(PULL);
    parked(PULL);
    assertThat(current().id()).isEqualTo(main.run());
    assertThat(view().state()).isEqualTo(Phase.WAITING);
    assertThat(view().waiting()).isEqualTo(2);
  }

  @Test
  void whatRunsElsewhereIsShownWhereNothingElseGoesOn() {
    ran(MAIN, Outcome.SUCCEEDED, 60);
    LaunchOrder pull = running(PULL);
    assertThat(current().id()).isEqualTo(pull.run());
    assertThat(view().waiting()).isZero();
  }

  @Test
  void aRedPullRequestIsNoColumnOfAGreenPipelineAndNoEstimate() {
    ran(PULL, Outcome.SUCCEEDED, 900);
    assertThat(view().recent()).as("nothing else is known").hasSize(1);
    assertThat(view().typicalSeconds()).isEqualTo(900);
    ran(MAIN, Outcome.SUCCEEDED, 60);
    ran(PULL, Outcome.FAILED, 5);
    ran(PULL, Outcome.SUCCEEDED, 900);
    assertThat(view().recent())
        .singleElement()
        .isEqualTo(new PipelineView.Recent(2, Outcome.SUCCEEDED, 60));
    assertThat(view().typicalSeconds()).isEqualTo(60);
  }

  @Test
  void theLastResultStaysAColumnHoweverManyPullRequestsFollow() {
    ran(MAIN, Outcome.SUCCEEDED, 60);
    for (int i = 0; i < 31; i++) {
      ran(PULL, Outcome.FAILED, 5);
    }
    assertThat(view().recent()).extracting(PipelineView.Recent::number).containsExactly(1L);
    assertThat(view().typicalSeconds()).isEqualTo(60);
  }
}
