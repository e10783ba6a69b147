package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.api.DeliveryView;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.protocol.run.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits whose webhook is lost, late, or sent many times. */
class ReconcileIT {
  private static final int TIMES = 50;
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String PULLS =
      """
      import static dev.pipewright.dsl.Pipelines.pipeline;
      import static dev.pipewright.dsl.Steps.*;
      import static dev.pipewright.dsl.Triggers.*;
      import dev.pipewright.dsl.*;

      public final class ThePipeline implements PipelineDefinition {
        @Override
        public Pipeline define() {
          return pipeline("pulls").startedBy(push("main"), pullRequests()).runs(sh("hi", "echo hi"));
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void aPushWhoseHookIsLostRunsOnceAndOnlyOnceWhenTheHookComesLate() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"),
            ServerProcess.freePort(),
            "process",
            Map.of("PIPEWRIGHT_RECONCILE", "1"))) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project = new GitProject(folder.resolve("lost"));
      String first = project.pipeline("lost", "sh(\"hi\", \"echo hi\")").release("before");
      scenario.register("lost", project, null, "plain-git");
      await().atMost(Scenario.PATIENCE).until(() -> metric(server, "pipewright_looks_total") > 0);
      assertThat(scenario.deliveries()).isEmpty();

      String second = project.release("no hook tells of this");

      RunSnapshot run = scenario.thenFinished("lost", 1).getFirst();
      assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(run.commit().value()).isEqualTo(second);
      assertThat(run.cause().note()).contains("webhook was missed");
      assertThat(metric(server, "pipewright_hooks_missed_total")).isEqualTo(1);

      sendManyTimesAtOnce(server, first + " " + second + " refs/heads/main\n");
      await()
          .atMost(Scenario.PATIENCE)
          .until(() -> scenario.deliveries().stream().allMatch(one -> one.state().isOver()));
      assertThat(scenario.deliveries()).hasSize(TIMES);
      assertThat(scenario.deliveries())
          .extracting(DeliveryView::runs)
          .containsOnly(List.of(run.id()));

      String newest = scenario.deliveries().getFirst().id();
      String replay = Routes.DELIVERIES + "/" + newest + "/replay";
      assertThat(Json.read(server.http().post(replay, Map.of()).body(), DeliveryView.class).runs())
          .containsExactly(run.id());
      await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(30))
          .until(() -> scenario.runs("lost").size() == 1);
      assertThat(scenario.deliveries()).allMatch(one -> one.state().isOver());

      project.release("No run, please\n\n[skip ci]");
      await()
          .atMost(Scenario.PATIENCE)
          .until(() -> scenario.deliveries().getFirst().problem() != null);
      assertThat(scenario.deliveries().getFirst().problem()).contains("message says [skip ci]");
      assertThat(scenario.runs("lost")).hasSize(1);
    }
  }

  @Test
  void aPullRequestWhoseHookIsLostIsHeldAndRunsTheCodeOfTheDefaultBranch() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"),
            ServerProcess.freePort(),
            "process",
            Map.of("PIPEWRIGHT_RECONCILE", "1"))) {
      Scenario scenario = new Scenario(server, folder);
      GitProject project = new GitProject(folder.resolve("pulls"));
      String base = project.file(".pipewright/ThePipeline.java", PULLS).release("base");
      scenario.register("pulls", project, SECRET, "github");
      scenario.signedPush("pulls", SECRET, base);
      scenario.thenFinished("pulls", 1);
      await().atMost(Scenario.PATIENCE).until(() -> metric(server, "pipewright_looks_total") > 1);

      String theirs = project.file(".pipewright/Broken.java", "no code").commit("theirs");
      project.push("refs/pull/7/head");

      RunSnapshot held = scenario.thenIs("pulls", Phase.WAITING);
      assertThat(held.commit().value()).isEqualTo(theirs);
      assertThat(held.ref()).isEqualTo("refs/pull/7/head");
      assertThat(held.origin().trust()).isEqualTo(Trust.FOREIGN);
      assertThat(held.origin().pull()).isEqualTo(7);
      assertThat(held.cause().note()).contains("webhook was missed");
    }
  }

  private static void sendManyTimesAtOnce(ServerProcess server, String line) throws Exception {
    byte[] body = line.getBytes(StandardCharsets.UTF_8);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < TIMES; i++) {
        answers.add(threads.submit(() -> server.http().postBytes("/hooks/lost", body).status()));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(202);
      }
    }
  }

  private static double metric(ServerProcess server, String name) {
    String text = new String(server.http().get("/metrics").body(), StandardCharsets.UTF_8);
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
