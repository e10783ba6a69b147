package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.testing.NeedsHaproxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Components that run alone, two of a kind, behind the load balancer of the documentation. */
@NeedsHaproxy
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeveralMachinesIT {
  private static final int COMMITS = 12;
  private static final int TIMES = 50;
  private static final int KILLS = 3;
  private static final String MAIN = "refs/heads/main";

  @TempDir static Path folder;
  private static Cluster cluster;
  private static Scenario scenario;
  private static Sender sender;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(folder);
    scenario = new Scenario(cluster, folder);
    sender = new Sender(cluster.uri());
  }

  @AfterAll
  static void stop() {
    sender.close();
    cluster.close();
  }

  @Test
  @Order(1)
  void twoSpawnersAndTwoBuildersShareTheWork() {
    GitProject project = new GitProject(folder.resolve("shared"));
    scenario.register("shared", project, Sender.SECRET, "plain-git");
    project.pipeline("shared", "checkout(), sh(\"which\", \"git rev-parse HEAD\")");
    List<String> commits = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      commits.add(project.release("commit " + i));
    }

    commits.forEach(commit -> sender.deliver("shared", MAIN, commit));

    List<RunSnapshot> runs = scenario.thenFinished("shared", COMMITS);
    assertThat(runs)
        .extracting(run -> run.commit().value())
        .containsExactlyInAnyOrderElementsOf(commits);
    for (RunSnapshot run : runs) {
      assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED);
      assertThat(scenario.log(run, "which")).isEqualTo(run.commit().value() + "\n");
    }
    for (String spawner : List.of("spawner1", "spawner2")) {
      assertThat(cluster.log(spawner)).contains("Delivery received").contains("Unit launched");
    }
    for (String builder : List.of("builder1", "builder2")) {
      assertThat(cluster.log(builder)).contains("Version was resolved");
    }
  }

  @Test
  @Order(2)
  void theSameDeliveryFiftyTimesAtOnceIsOneRun() throws Exception {
    GitProject project = new GitProject(folder.resolve("again"));
    scenario.register("again", project, Sender.SECRET, "plain-git");
    String commit = project.pipeline("again", "sh(\"hi\", \"echo hi\")").release("once");

    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < TIMES; i++) {
        answers.add(threads.submit(() -> sender.attempt("again", MAIN, commit, commit)));
      }
    }

    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isBetween(200, 202);
    }
    assertThat(scenario.thenFinished("again", 1)).hasSize(1);
    assertThat(scenario.deliveries())
        .filteredOn(delivery -> delivery.source().value().equals("again"))
        .hasSize(1)
        .allSatisfy(delivery -> assertThat(delivery.runs()).hasSize(1));
  }

  @Test
  @Order(3)
  void theBalancerLeadsEverybodyToTheRightComponent() {
    assertThat(text("/")).contains("<!doctype html>");
    assertThat(text("/cctray.xml")).contains("name=\"shared\"");
    assertThat(text("/hooks/shared/post-receive")).contains("'" + cluster.uri() + "/hooks/shared'");
    assertThat(text("/health/ready")).contains("ready");
  }

  @Test
  @Order(4)
  void aSpawnerKilledWhileItWaitsForWorkHoldsUpNothing() {
    GitProject project = new GitProject(folder.resolve("killed"));
    scenario.register("killed", project, Sender.SECRET, "plain-git");
    project.pipeline("killed", "sh(\"hi\", \"echo hi\")");
    List<Duration> times = new ArrayList<>();
    for (int i = 1; i <= KILLS; i++) {
      String commit = project.release("commit " + i);
      cluster.process("spawner1").kill();
      long killedAt = System.nanoTime();

      sender.deliver("killed", MAIN, commit);

      assertThat(scenario.thenFinished("killed", i)).hasSize(i);
      times.add(Duration.ofNanos(System.nanoTime() - killedAt));
      cluster.process("spawner1").restart();
    }
    // The lease of a delivery that was given to the dead is 24 seconds.
    assertThat(times).allSatisfy(time -> assertThat(time).isLessThan(Duration.ofSeconds(20)));
  }

  private static String text(String path) {
    return new String(cluster.http().get(path).body(), StandardCharsets.UTF_8);
  }
}
