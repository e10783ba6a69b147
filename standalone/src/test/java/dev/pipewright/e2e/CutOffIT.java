package dev.pipewright.e2e;

import static dev.pipewright.protocol.run.Outcome.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.client.TcpProxy;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that cannot reach the State-Controller for a minute, each at another point. */
@Timeout(300)
class CutOffIT {
  private static final long CUT_SECONDS = 60;

  @TempDir Path folder;

  @Test
  void runsGoOnWhileTheyAreCutOffAndAreReportedAfterwards() throws Exception {
    int port = ServerProcess.freePort();
    try (TcpProxy proxy = new TcpProxy(port);
        ServerProcess server =
            ServerProcess.start(
                folder.resolve("data"),
                port,
                "process",
                Map.of(
                    "PIPEWRIGHT_ENGINE_URL",
                    proxy.address().toString(),
                    "PIPEWRIGHT_MAX_RUNS",
                    "5"))) {
      Scenario scenario = new Scenario(server, folder);
      Engines engines = new Engines(proxy.address().toString());
      Effects working = new Effects(folder, "working");
      Effects ending = new Effects(folder, "ending");
      Effects early = new Effects(folder, "early");
      prepare(scenario, working, ending, early);
      working.await("one", 1);
      ending.await("one", 1);

      proxy.cut();
      long cutAt = System.nanoTime();
      working.openGate();
      ending.openGate();
      scenario.start("early", "early");
      working.await("three", 1);
      ending.await("two", 1);
      await().atMost(Scenario.PATIENCE).until(() -> scenario.runs("early").size() == 2);
      engines.kill(scenario.runs("early").getFirst());
      TimeUnit.NANOSECONDS.sleep(
          TimeUnit.SECONDS.toNanos(CUT_SECONDS) - (System.nanoTime() - cutAt));
      assertThat(scenario.runs("working").getFirst().state()).isEqualTo(Phase.RUNNING);
      proxy.mend();

      thenDoneOnce(scenario, working, "working", "one", "two", "three");
      thenDoneOnce(scenario, ending, "ending", "one", "two");
      assertThat(scenario.thenFinished("early", 2)).allMatch(run -> run.outcome() == SUCCEEDED);
      assertThat(early.lines()).containsExactly("one", "one");
      assertThat(scenario.log(scenario.runs("working").getFirst(), "two"))
          .isEqualTo("said while nobody listened\n");
    }
  }

  private void prepare(Scenario scenario, Effects working, Effects ending, Effects early) {
    String first = "sh(\"one\", \"%s; %s\")";
    GitProject one =
        scenario
            .givenSource("working")
            .pipeline(
                "working",
                first.formatted(working.leave("one"), working.waitAtGate())
                    + ", sh(\"two\", \"%s; echo said while nobody listened\")"
                        .formatted(working.leave("two"))
                    + ", sh(\"three\", \"%s; sleep 70\")".formatted(working.leave("three")));
    GitProject two =
        scenario
            .givenSource("ending")
            .pipeline(
                "ending",
                first.formatted(ending.leave("one"), ending.waitAtGate())
                    + ", sh(\"two\", \"%s\")".formatted(ending.leave("two")));
    scenario
        .givenSource("early")
        .pipeline("early", "sh(\"one\", \"%s\")".formatted(early.leave("one")))
        .release("so that its code is known when the line is cut");
    scenario.thenFinished("early", 1);
    one.release("go");
    two.release("go");
  }

  private static void thenDoneOnce(
      Scenario scenario, Effects effects, String pipeline, String... steps) {
    RunSnapshot run = scenario.thenFinished(pipeline, 1).getFirst();
    assertThat(run.outcome()).as(run.reason()).isEqualTo(SUCCEEDED);
    assertThat(effects.lines()).containsExactly(steps);
  }
}
