package dev.pipewright.state.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.state.UseCases;
import dev.pipewright.state.mongo.Lives.Stage;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waits, answers and attempts that were acknowledged survive SIGKILL of the State-Controller. */
class LivesKillIT {
  private static final int[] ACKNOWLEDGED = {3, 18, 40};

  @Test
  void everyRunIsAtLeastWhereItWasSaidToBe(@TempDir Path folder) throws Exception {
    for (int round = 0; round < ACKNOWLEDGED.length; round++) {
      Map<RunId, Stage> reached = killed(folder, "round" + round, ACKNOWLEDGED[round]);
      assertThat(reached).isNotEmpty();
      try (MongoStorage storage = MongoStorage.embedded(folder)) {
        UseCases cases = Lives.open(folder, storage);
        reached.forEach((run, stage) -> check(cases, run, stage));
      }
    }
  }

  private static Map<RunId, Stage> killed(Path folder, String round, int acknowledged)
      throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.pipewright.state.mongo.Lives",
                folder.toString(),
                round)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<RunId, Stage> reached = new LinkedHashMap<>();
    int said = 0;
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length == 2 && words[0].contains("#")) {
          reached.put(RunId.parse(words[0]), Stage.valueOf(words[1]));
          said++;
        }
        if (said == acknowledged) {
          assertThat(process.toHandle().destroyForcibly()).isTrue();
        }
      }
    }
    assertThat(process.waitFor()).isNotZero();
    assertThat(said).isGreaterThanOrEqualTo(acknowledged);
    return reached;
  }

  private static void check(UseCases cases, RunId id, Stage stage) {
    RunSnapshot run = cases.runs().snapshot(id);
    boolean later = run.attempt() > 1;
    if (stage == Stage.AGAIN) {
      assertThat(run.attempt()).isEqualTo(2);
    }
    if (stage.compareTo(Stage.OVER) >= 0) {
      RunSnapshot first = later ? cases.runs().attempt(id, 1) : run;
      assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(first.steps()).hasSize(4);
      return;
    }
    if (later || run.state() == Phase.FINISHED) {
      return;
    }
    if (stage == Stage.PARKED) {
      assertThat(run.waits()).hasSize(1);
    }
    if (stage == Stage.DECIDED) {
      assertThat(run.state()).isNotEqualTo(Phase.WAITING);
      assertThat(run.waits()).hasSize(1);
    }
    if (stage == Stage.RESUMED) {
      assertThat(run.state()).isEqualTo(Phase.RUNNING);
    }
    if (stage.compareTo(Stage.BEGUN) >= 0) {
      assertThat(run.startedAt()).isNotNull();
      assertThat(cases.runs().events(id)).hasSizeGreaterThanOrEqualTo(2);
    }
  }
}
