package dev.pipewright.state;

import static dev.pipewright.state.Samples.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.Mending;
import dev.pipewright.protocol.api.Problem;
import dev.pipewright.protocol.run.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is on a broken pipeline. */
class MendingTest {
  private static final PipelineName SHOP = new PipelineName("shop");

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    bench = new Bench(folder);
  }

  private void ends(Outcome outcome) {
    bench.report(bench.running(), ended(2, outcome));
  }

  private @Nullable Mending mending() {
    return bench.cases.pipelines().view(SHOP).mending();
  }

  private void isRefused(PipelineName pipeline, Problem.Code code) {
    assertThatThrownBy(() -> bench.cases.mend(pipeline, "ann", true))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.is(code)).isTrue());
  }

  @Test
  void isKnownToEverybodyAndSurvivesARestart() throws IOException {
    ends(Outcome.FAILED);
    Mending ann = new Mending("ann", bench.clock().instant());
    assertThat(bench.cases.mend(SHOP, "ann", true).mending()).isEqualTo(ann);
    bench.pass(Duration.ofMinutes(5));
    assertThat(bench.cases.mend(SHOP, "ann", true).mending()).isEqualTo(ann);
    bench.restart();
    assertThat(mending()).isEqualTo(ann);
  }

  @Test
  void staysWhileItIsBrokenAndIsGoneWhenItIsGreen() {
    ends(Outcome.FAILED);
    Object unused = bench.cases.mend(SHOP, "ann", true);
    ends(Outcome.ERRORED);
    ends(Outcome.CANCELLED);
    assertThat(mending()).isNotNull();
    ends(Outcome.SUCCEEDED);
    assertThat(mending()).isNull();
    ends(Outcome.FAILED);
    assertThat(mending()).isNull();
  }

  @Test
  void canBeTakenOverAndGivenUp() {
    ends(Outcome.FAILED);
    Object unused = bench.cases.mend(SHOP, "ann", true);
    bench.pass(Duration.ofMinutes(5));
    assertThat(bench.cases.mend(SHOP, "bob", true).mending())
        .isEqualTo(new Mending("bob", bench.clock().instant()));
    assertThat(bench.cases.mend(SHOP, "ann", false).mending()).isNull();
    assertThat(bench.cases.mend(SHOP, "ann", false).mending()).isNull();
  }

  @Test
  void whatIsNotBrokenNeedsNobody() {
    ends(Outcome.SUCCEEDED);
    isRefused(SHOP, Problem.Code.CONFLICT);
    isRefused(new PipelineName("nothing"), Problem.Code.NOT_FOUND);
  }

  @Test
  void whoListensIsTold() {
    ends(Outcome.FAILED);
    List<PipelineName> told = new ArrayList<>();
    bench.cases.listen(
        new RunListener() {
          @Override
          public void runChanged(@Nullable RunRecord before, RunRecord after) {
            throw new AssertionError("No run has changed.");
          }

          @Override
          public void pipelineChanged(PipelineName pipeline) {
            told.add(pipeline);
          }

          @Override
          public void logGrew(RunId run, StepPath step, long length, long count) {
            throw new AssertionError("Nothing was printed.");
          }
        });
    Object unused = bench.cases.mend(SHOP, "ann", true);
    assertThat(told).containsExactly(SHOP);
  }
}
