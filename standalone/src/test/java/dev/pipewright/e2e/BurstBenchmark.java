package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.array;
import static dev.pipewright.e2e.Figures.hook;
import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.output;
import static dev.pipewright.e2e.Figures.print;
import static dev.pipewright.e2e.Figures.sinceStamp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.testing.NeedsDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures what Builder and Spawner make of many commits on this machine, and prints one line a
 * figure. Not part of the tests; docs/benchmarks.md has the command.
 */
class BurstBenchmark {
  private static final String IMAGE = "pipewright/base:test";
  private static final String MAIN = "refs/heads/main";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int SENDERS = 8;
  private static final int DELIVERIES = 4000;
  private static final int BURST = 200;
  private static final int CONTAINERS = 40;

  @TempDir Path folder;

  @Test
  void processLauncher() throws Exception {
    try (ServerProcess server = ServerProcess.start(folder.resolve("process"), "process")) {
      measureWay(server, "process");
      measureBurst(server, "process");
      measureAcceptance(server);
    }
  }

  @Test
  @NeedsDocker
  void dockerLauncher() throws Exception {
    output("docker", "run", "--rm", IMAGE, "true");
    double ceiling = 0;
    for (int atOnce : List.of(1, 2, 4)) {
      double rate = rawStarts(atOnce);
      print("raw docker run --rm IMAGE true per second, " + atOnce + " at once", rate);
      ceiling = Math.max(ceiling, rate);
    }
    try (ServerProcess server = ServerProcess.start(folder.resolve("docker"), "docker")) {
      measureWay(server, "docker");
      double rate = measureBurst(server, "docker");
      print("runs of a burst, in percent of the raw ceiling", 100 * rate / ceiling);
    }
  }

  private static double rawStarts(int atOnce) throws Exception {
    long start = System.nanoTime();
    try (ExecutorService starters = Executors.newFixedThreadPool(atOnce)) {
      List<Future<?>> started = new ArrayList<>();
      for (int i = 0; i < CONTAINERS; i++) {
        started.add(starters.submit(() -> output("docker", "run", "--rm", IMAGE, "true")));
      }
      for (Future<?> one : started) {
        one.get();
      }
    }
    return CONTAINERS / (millisSince(start) / 1000);
  }

  /** From a webhook to the first line of the first step: code never built, and version known. */
  private void measureWay(ServerProcess server, String launcher) {
    Scenario scenario = new Scenario(server, folder);
    List<Double> cold = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String name = "way" + i;
      GitProject project = new GitProject(folder.resolve(launcher + i));
      scenario.register(name, project, null, "plain-git");
      project.pipeline(name, "sh(\"stamp\", \"date +%s%N\")");
      for (int j = 0; j < 4; j++) {
        String commit = project.file("n", "" + j).release("push " + j);
        Instant before = Instant.now();
        hook(server, name, commit);
        RunSnapshot run =
            scenario.thenFinished(name, j + 1).stream()
                .filter(found -> found.commit().value().equals(commit))
                .findFirst()
                .orElseThrow();
        (j == 0 ? cold : warm).add(sinceStamp(before, scenario.log(run, "stamp")));
      }
    }
    print("webhook to first line, first commit of a source (" + launcher + "), ms", array(cold));
    print("webhook to first line, version known (" + launcher + "), ms", array(warm));
  }

  /** Delivers as many commits as fast as they are taken; how many runs end a second from then. */
  private double measureBurst(ServerProcess server, String launcher) throws Exception {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve("burst-" + launcher));
    scenario.register("burst", project, Sender.SECRET, "plain-git");
    project.pipeline("burst", "sh(\"say\", \"echo here\")");
    List<String> commits = new ArrayList<>();
    for (int i = 0; i <= BURST; i++) {
      commits.add(project.commit("push " + i));
    }
    project.push(MAIN);
    try (Sender sender = new Sender(server.uri())) {
      sender.deliver("burst", MAIN, commits.removeFirst());
      scenario.thenFinished("burst", 1);
      long start = System.nanoTime();
      double[] answered =
          together(
              BURST, number -> millis(() -> sender.deliver("burst", MAIN, commits.get(number))));
      double accepted = millisSince(start) / 1000;
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> finished(scenario, "burst") == BURST + 1);
      double seconds = millisSince(start) / 1000;
      assertThat(server.http().get("/api/v1/runs?pipeline=burst&limit=1").body())
          .asString()
          .contains("\"number\":" + (BURST + 1) + ",");
      print("burst of 200, a delivery answered (" + launcher + "), ms", answered);
      print("burst of 200, deliveries accepted per second (" + launcher + ")", BURST / accepted);
      print("burst of 200, until the last run has ended (" + launcher + "), s", seconds);
      print("burst of 200, runs per second (" + launcher + ")", BURST / seconds);
      return BURST / seconds;
    }
  }

  /** How many of the runs have ended, as far as the newest 200 tell, which are claimed in order. */
  private static long finished(Scenario scenario, String pipeline) {
    List<RunSnapshot> newest = scenario.runs(pipeline);
    long open = newest.stream().filter(run -> run.state() != Phase.FINISHED).count();
    return newest.getFirst().number() - open;
  }

  /** The rate at which deliveries are stored while those before them are worked off. */
  private void measureAcceptance(ServerProcess server) throws Exception {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve("accept"));
    String commit = project.file("README", "no pipeline").release("nothing to do");
    scenario.register("accept", project, Sender.SECRET, "plain-git");
    try (Sender sender = new Sender(server.uri())) {
      double[] alone = new double[300];
      for (int i = 0; i < alone.length; i++) {
        int number = i;
        alone[i] = millis(() -> accepted(sender, commit, "alone-" + number));
      }
      print("delivery accepted, one sender, ms", alone);
      long start = System.nanoTime();
      double[] answered =
          together(
              DELIVERIES, number -> millis(() -> accepted(sender, commit, "together-" + number)));
      double seconds = millisSince(start) / 1000;
      print("delivery accepted, eight senders, ms", answered);
      print("deliveries accepted per second, eight senders", DELIVERIES / seconds);
    }
  }

  private static void accepted(Sender sender, String commit, String id) {
    assertThat(sender.attempt("accept", MAIN, commit, id)).isEqualTo(202);
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return millisSince(start);
  }

  /** Does numbered work with eight at once. */
  private static double[] together(int count, IntToDoubleFunction work) throws Exception {
    try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
      List<Future<Double>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        answers.add(senders.submit(() -> work.applyAsDouble(number)));
      }
      double[] results = new double[count];
      for (int i = 0; i < count; i++) {
        results[i] = answers.get(i).get();
      }
      return results;
    }
  }
}
