package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.array;
import static dev.pipewright.e2e.Figures.hook;
import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.output;
import static dev.pipewright.e2e.Figures.print;
import static dev.pipewright.e2e.Figures.sinceStamp;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.testing.NeedsDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the way of a commit on this machine and prints one line a figure. Not part of the tests;
 * docs/benchmarks.md has the command.
 */
class WalkingBenchmark {
  private static final String IMAGE = "pipewright/base:test";
  private static final int ROUNDS = 15;
  private static final Duration PAUSE = Duration.ofSeconds(3);
  private static final String GOT_ITS_RUN = "A waiting engine got its run";

  @TempDir Path folder;

  @Test
  void processLauncher() throws Exception {
    try (ServerProcess server = started("process")) {
      measureWay(server, "process");
      measureWebhooks(server);
      measureSteps(server);
      measureLog(server);
      print("idle RSS after the load, MiB", rss(server));
    }
  }

  @Test
  @NeedsDocker
  void dockerLauncher() throws Exception {
    double[] floor = new double[ROUNDS];
    double[] firstByte = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      output("docker", "run", "--rm", IMAGE, "true");
      floor[i] = millisSince(start);
      Instant before = Instant.now();
      firstByte[i] = sinceStamp(before, output("docker", "run", "--rm", IMAGE, "date", "+%s%N"));
    }
    print("docker run --rm IMAGE true, ms", floor);
    print("docker run to first byte, ms", firstByte);
    try (ServerProcess server = started("docker")) {
      measureWay(server, "docker");
    }
  }

  @Test
  @NeedsDocker
  void dockerLauncherWithEnginesThatWait() {
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("pool"),
            ServerProcess.freePort(),
            "docker",
            Map.of("PIPEWRIGHT_POOL", "2"))) {
      measureWay(server, "docker, pool");
      print(
          "runs that began in an engine that waited",
          server.log().split(GOT_ITS_RUN, -1).length - 1.0);
    }
  }

  private ServerProcess started(String launcher) {
    double[] ready = new double[5];
    for (int i = 0; i < ready.length; i++) {
      long start = System.nanoTime();
      try (ServerProcess server = ServerProcess.start(folder.resolve(launcher), launcher)) {
        ready[i] = millisSince(start);
        if (i == ready.length - 1) {
          print("idle RSS after start, MiB", rss(server));
        }
      }
    }
    print("up: start to ready (" + launcher + "), ms", ready);
    return ServerProcess.start(folder.resolve(launcher), launcher);
  }

  private void measureWay(ServerProcess server, String launcher) {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve("way-" + launcher.replaceAll("\\W+", "-")));
    scenario.register("way", project, null, "plain-git");
    List<Double> changed = new ArrayList<>();
    List<Double> unchanged = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      boolean change = i % 5 == 0;
      if (change) {
        project.pipeline("way", "sh(\"stamp\", \"date +%s%N\"), sh(\"v" + i + "\", \"true\")");
      }
      String commit = project.file("n", "" + i).release("push " + i);
      Instant before = Instant.now();
      hook(server, "way", commit);
      List<RunSnapshot> runs = scenario.thenFinished("way", i + 1);
      RunSnapshot run =
          runs.stream().filter(r -> r.commit().value().equals(commit)).findFirst().orElseThrow();
      double millis = sinceStamp(before, scenario.log(run, "stamp"));
      (change ? changed : unchanged).add(millis);
      pause();
    }
    print("webhook to first line, version known (" + launcher + "), ms", array(unchanged));
    print("webhook to first line, pipeline code changed (" + launcher + "), ms", array(changed));
    double[] builds =
        scenario.runs("way :: pipeline code").stream()
            .filter(run -> run.startedAt() != null && run.finishedAt() != null)
            .mapToDouble(run -> Duration.between(run.queuedAt(), run.finishedAt()).toMillis())
            .toArray();
    print("build of changed pipeline code (" + launcher + "), ms", builds);
  }

  /** As commits come now and then: what was begun after the last one is done. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void measureWebhooks(ServerProcess server) throws Exception {
    Scenario scenario = new Scenario(server, folder);
    String commit = scenario.runs("way").getFirst().commit().value();
    double[] alone = new double[500];
    for (int i = 0; i < alone.length; i++) {
      long start = System.nanoTime();
      hook(server, "way", commit);
      alone[i] = millisSince(start);
    }
    print("webhook answered, one sender, ms", alone);
    double[] together = new double[2000];
    long start = System.nanoTime();
    try (ExecutorService senders = Executors.newFixedThreadPool(8)) {
      List<Future<Double>> answers = new ArrayList<>();
      for (int i = 0; i < together.length; i++) {
        answers.add(
            senders.submit(
                () -> {
                  long sent = System.nanoTime();
                  hook(server, "way", commit);
                  return millisSince(sent);
                }));
      }
      for (int i = 0; i < together.length; i++) {
        together[i] = answers.get(i).get();
      }
    }
    double seconds = millisSince(start) / 1000;
    print("webhook answered, eight senders, ms", together);
    print("webhooks accepted per second, eight senders", together.length / seconds);
  }

  private void measureSteps(ServerProcess server) {
    print("sh -c true from Java, ms", Figures.shells(200));
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve("steps"));
    scenario.register("steps", project, null, "plain-git");
    project.file(
        ".pipewright/StepsPipeline.java",
        """
        import static dev.pipewright.dsl.Pipelines.pipeline;
        import static dev.pipewright.dsl.Steps.*;
        import static dev.pipewright.dsl.Triggers.*;
        import dev.pipewright.dsl.*;

        public final class StepsPipeline implements PipelineDefinition {
          @Override
          public Pipeline define() {
            Step[] more = new Step[99];
            for (int i = 0; i < more.length; i++) {
              more[i] = sh("step " + i, "true");
            }
            return pipeline("steps").startedBy(push()).runs(sh("first", "true"), more);
          }
        }
        """);
    double[] each = new double[5];
    for (int i = 0; i < each.length; i++) {
      hook(server, "steps", project.file("n", "" + i).release("push " + i));
      RunSnapshot run = scenario.details(scenario.thenFinished("steps", i + 1).getFirst());
      Instant first = run.steps().get(1).startedAt();
      Instant last = run.steps().getLast().finishedAt();
      each[i] = Duration.between(first, last).toNanos() / 1e6 / (run.steps().size() - 1);
    }
    print("one of 100 sh steps in a run, ms", each);
  }

  private void measureLog(ServerProcess server) {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = new GitProject(folder.resolve("log"));
    scenario.register("log", project, null, "plain-git");
    project.pipeline("log", "sh(\"print\", \"yes 0123456789abcde | head -c 62914560 || true\")");
    double[] rate = new double[3];
    for (int i = 0; i < rate.length; i++) {
      hook(server, "log", project.file("n", "" + i).release("push " + i));
      RunSnapshot run = scenario.details(scenario.thenFinished("log", i + 1).getFirst());
      Duration time =
          Duration.between(run.steps().getFirst().startedAt(), run.steps().getFirst().finishedAt());
      rate[i] = 60.0 / (time.toNanos() / 1e9);
    }
    print("60 MiB of output into the store, MiB/s", rate);
  }

  private static double rss(ServerProcess server) {
    await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
    return Figures.memory(server.pid(), "VmRSS");
  }
}
