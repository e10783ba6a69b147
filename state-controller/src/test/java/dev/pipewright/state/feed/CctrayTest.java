package dev.pipewright.state.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.PipelineRecord;
import dev.pipewright.state.Pipelines.Shown;
import dev.pipewright.state.RefResult;
import dev.pipewright.state.RefResult.StageResult;
import dev.pipewright.state.Samples;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CctrayTest {
  private static final String MAIN = "refs/heads/main";
  private static final Instant DONE = Instant.parse("2026-11-20T12:00:00.987654321Z");

  private final Cctray cctray = new Cctray(URI.create("https://ci.example/"), false);

  private static RunSnapshot run(long number, Phase phase, @Nullable Outcome outcome, String ref) {
    return new RunSnapshot(
        new RunId(new PipelineName("shop"), number),
        new PipelineName("shop"),
        number,
        1,
        phase,
        outcome,
        null,
        Samples.SHOP,
        ref,
        Samples.COMMIT,
        new Cause("push", "ann", null, null),
        Samples.NOON,
        Samples.NOON,
        outcome == null ? null : DONE,
        null,
        Samples.BUNDLE,
        null,
        1,
        List.of(),
        null,
        List.of(),
        List.of(),
        Origin.TRUSTED,
        null);
  }

  private static Shown shown(
      @Nullable Outcome last, @Nullable String breaker, RunSnapshot... active) {
    Map<String, RefResult> results =
        last == null
            ? Map.of()
            : Map.of(
                MAIN,
                new RefResult(
                    run(42, Phase.FINISHED, last, MAIN),
                    DONE,
                    breaker,
                    List.of(new StageResult("verify", last, "42", DONE))));
    return new Shown(
        new PipelineRecord(new PipelineName("shop"), Samples.SHOP, List.of(), results, null),
        List.of(active),
        Optional.of(MAIN));
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, Success",
    "FAILED,    Failure",
    "TIMED_OUT, Failure",
    "ERRORED,   Failure",
  })
  void everyOutcomeHasItsWord(Outcome outcome, String status) {
    assertThat(cctray.pipeline(shown(outcome, null), MAIN))
        .isEqualTo(
            "  <Project name=\"shop\" activity=\"Sleeping\" lastBuildStatus=\"%s\" lastBuildLabel=\"42\" lastBuildTime=\"2026-11-20T12:00:00Z\" webUrl=\"https://ci.example/runs/shop%%2342\" category=\"shop\" />\n"
                .formatted(status));
  }

  @Test
  void erroredIsAnExceptionWhereThatIsWished() {
    Cctray other = new Cctray(URI.create("https://ci.example"), true);
    assertThat(other.pipeline(shown(Outcome.ERRORED, null), MAIN))
        .contains("lastBuildStatus=\"Exception\"");
  }

  @Test
  void whoBrokeItIsNamed() {
    assertThat(cctray.pipeline(shown(Outcome.FAILED, "<ann> \u0007&\ud800 \"co\""), MAIN))
        .endsWith(
            "category=\"shop\">\n    <messages><message text=\"&lt;ann&gt; &amp; &quot;co&quot;\" kind=\"Breakers\" /></messages>\n  </Project>\n");
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED,  refs/heads/main,  Building",
    "RUNNING, refs/heads/main,  Building",
    "WAITING, refs/heads/main,  Sleeping",
    "RUNNING, refs/heads/other, Sleeping",
  })
  void aRunThatIsNotOverChangesOnlyTheActivity(Phase phase, String ref, String activity) {
    assertThat(cctray.pipeline(shown(Outcome.SUCCEEDED, null, run(43, phase, null, ref)), MAIN))
        .contains("activity=\"" + activity + "\" lastBuildStatus=\"Success\" lastBuildLabel=\"42\"")
        .contains("lastBuildTime=\"2026-11-20T12:00:00Z\"");
  }

  @Test
  void aPipelineIsLeftOutUntilItsFirstResult() {
    Shown fresh = shown(null, null, run(1, Phase.RUNNING, null, MAIN));
    assertThat(cctray.pipeline(fresh, MAIN)).isEmpty();
    assertThat(cctray.unknown(fresh, MAIN))
        .contains("activity=\"Building\" lastBuildStatus=\"Unknown\"")
        .contains("lastBuildTime=\"2026-11-20T12:00:00Z\"");
  }

  @Test
  void stagesHaveTheirOwnLines() {
    assertThat(cctray.stages(shown(Outcome.FAILED, "ann"), MAIN, List.of()))
        .startsWith(
            "  <Project name=\"shop :: verify\" activity=\"Sleeping\" lastBuildStatus=\"Failure\"");
  }

  @Test
  void anEmptyFeedIsStillAFeed() {
    assertThat(Cctray.document(""))
        .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Projects>\n</Projects>\n");
  }
}
