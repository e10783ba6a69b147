package dev.pipewright.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Phase;
import org.junit.jupiter.api.Test;

/** Records that were stored before runs had attempts and waits. */
class OldRecordTest {

  private static RunRecord old(RunState state, String startedAt) {
    String now = Json.text(Records.queued("shop#1"));
    String before =
        now.substring(0, now.lastIndexOf(",\"attempt\":"))
                .replace("\"state\":\"QUEUED\"", "\"state\":\"" + state + "\"")
                .replace("\"startedAt\":null,\"finishedAt\":null,\"claimedAt\"", startedAt)
            + "}";
    assertThat(before).doesNotContain("fruitless");
    return Json.read(before, RunRecord.class);
  }

  @Test
  void aQueuedRunOfThenIsInItsFirstAttempt() {
    RunRecord run = old(RunState.QUEUED, "\"startedAt\":null,\"finishedAt\":null,\"claimedAt\"");
    assertThat(run.attempt().number()).isEqualTo(1);
    assertThat(run.attempt().workspace()).isEqualTo(1);
    assertThat(run.attempt().progress().begun()).isFalse();
    assertThat(run.snapshot().waits()).isEmpty();
    assertThat(run.snapshot().attempts()).isEmpty();
    assertThat(run.snapshot().state()).isEqualTo(Phase.QUEUED);
  }

  @Test
  void aRunningRunOfThenHasBegunAndMayGoOn() {
    RunRecord run =
        old(
            RunState.RUNNING,
            "\"startedAt\":\"2026-11-20T12:00:00Z\",\"finishedAt\":null,\"claimedAt\"");
    assertThat(run.attempt().progress().begun()).isTrue();
    assertThat(new RunDraft(run).record().attempt().progress().begun()).isTrue();
  }
}
