package dev.pipewright.state;

import static dev.pipewright.state.Life.SHIP;
import static dev.pipewright.state.Life.asks;
import static dev.pipewright.state.Life.begun;
import static dev.pipewright.state.Life.leaf;
import static dev.pipewright.state.Life.over;
import static dev.pipewright.state.Life.parked;
import static dev.pipewright.state.Life.resumed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Decision;
import dev.pipewright.protocol.api.RerunRequest;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.ResourceUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run took up, as its Spawner tells it. */
class UsedResourcesTest {
  private static final ResourceUse MUCH = new ResourceUse(3000L, 200L, 70L);
  private static final ResourceUse LITTLE = new ResourceUse(500L, 90L, 80L);

  private Life life;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    life = new Life(folder);
  }

  private RunId finished(ResourceUse used) {
    RunId run = life.create(List.of(leaf("ship")));
    life.claim();
    life.tell(begun(), over(Outcome.SUCCEEDED));
    life.exit(used);
    return run;
  }

  @Test
  void isKeptWithTheRunAndSurvivesARestart() throws IOException {
    RunId run = finished(MUCH);
    life.exit(LITTLE);
    life.restart();
    assertThat(life.cases.runs().snapshot(run).used()).isEqualTo(MUCH);
    assertThat(life.cases.runs().list(run.pipeline(), 5, null).items())
        .singleElement()
        .satisfies(listed -> assertThat(listed.used()).isEqualTo(MUCH));
  }

  @Test
  void isThatOfAllUnitsOfAnAttempt() {
    RunId run = life.create(List.of(leaf("ship")));
    life.claim();
    life.tell(begun(), asks(SHIP, null), parked());
    life.exit(MUCH);
    assertThat(life.run().used()).isEqualTo(MUCH);
    life.cases.answers().decide(run, new Decision(SHIP, true, null, Map.of()), "ann");
    life.claim();
    life.tell(resumed(), over(Outcome.SUCCEEDED));
    life.exit(LITTLE);
    assertThat(life.run().used()).isEqualTo(new ResourceUse(3500L, 200L, 80L));
  }

  @Test
  void isApartForEveryAttempt() {
    RunId run = finished(MUCH);
    assertThat(life.cases.runs().rerun(run, new RerunRequest(null, null), "ann").used()).isNull();
    life.claim();
    life.tell(begun(2, null), over(Outcome.SUCCEEDED));
    life.exit(LITTLE);
    assertThat(life.run().used()).isEqualTo(LITTLE);
    assertThat(life.cases.runs().attempt(run, 1).used()).isEqualTo(MUCH);
  }

  @Test
  void isUnknownIfNobodyKnowsIt() {
    RunId run = life.create(List.of(leaf("ship")));
    life.claim();
    life.tell(begun(), over(Outcome.SUCCEEDED));
    life.exit();
    assertThat(life.cases.runs().snapshot(run).used()).isNull();
  }
}
