package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.print;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.StepPath;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.PlanStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how a State-Controller with a long history takes what engines tell, and how it tells
 * others. Not part of the tests; docs/benchmarks.md has the command.
 */
class ChangesBenchmark {
  private static final int LISTENERS = Integer.getInteger("history.listeners", 500);
  private static final int SECONDS = Integer.getInteger("history.seconds", 30);
  private static final int RUNS_THAT_CHANGE = 20;
  private static final int SENDERS = 4;
  private static final int ROUNDS = 10;
  private static final int STEPS = 100;
  private static final int STEPS_PER_BATCH = 5;
  private static final SourceName TOLD = new SourceName("told");

  @TempDir Path folder;

  @Test
  void changes() throws Exception {
    Path data = LongHistory.in(folder, LongHistory.PIPELINES, LongHistory.RUNS);
    Path token = folder.resolve("service-token");
    try (ServerProcess server =
        ServerProcess.start(
            data,
            ServerProcess.freePort(),
            "process",
            Map.of(
                "PIPEWRIGHT_ONLY", "state", "PIPEWRIGHT_SERVICE_TOKEN_FILE", token.toString()))) {
      server
          .http()
          .post(
              Routes.SOURCES,
              new SourceSpec(TOLD, "https://git.example/told.git", null, null, null, "main"));
      Teller teller = new Teller(server, Files.readString(token).strip());
      measureEvents(teller);
      measureWayIntoTheFeed(server, teller);
      measureListeners(server, teller);
    }
  }

  /** Makes runs of one pipeline each, one after the other. */
  private static final class Teller {
    private final ServerProcess server;
    private final String token;
    private final long begun = System.nanoTime();
    private int made;

    private Teller(ServerProcess server, String token) {
      this.server = server;
      this.token = token;
    }

    private ToldRun run(String pipeline, List<StepPath> steps) {
      made++;
      return new ToldRun(server.uri(), token, TOLD, plan(pipeline, steps), begun + "-" + made);
    }

    private static Plan plan(String pipeline, List<StepPath> steps) {
      List<PlanStep> leaves =
          steps.stream()
              .map(
                  step ->
                      new PlanStep(
                          "sh",
                          step,
                          "true",
                          "Told.java:1",
                          false,
                          null,
                          1,
                          List.of(),
                          List.of(),
                          List.of()))
              .toList();
      return new Plan(new PipelineName(pipeline), "Told", List.of(), null, leaves);
    }
  }

  private static List<StepPath> steps(int count) {
    return IntStream.range(0, count).mapToObj(number -> new StepPath("step " + number)).toList();
  }

  private static void measureEvents(Teller teller) throws Exception {
    List<StepPath> steps = steps(STEPS);
    double seconds = 0;
    List<Double> batches = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<ToldRun> runs = Stream.generate(() -> teller.run("told", steps)).limit(SENDERS).toList();
      long start = System.nanoTime();
      try (ExecutorService senders = Executors.newFixedThreadPool(SENDERS)) {
        List<Future<List<Double>>> sent = new ArrayList<>();
        runs.forEach(run -> sent.add(senders.submit(() -> tell(run, steps))));
        for (Future<List<Double>> one : sent) {
          batches.addAll(one.get());
        }
      }
      seconds += millisSince(start) / 1000;
      runs.forEach(
          run -> {
            run.finish(Outcome.SUCCEEDED);
            run.end();
          });
    }
    print("batch of 10 events, 4 senders, ms", Figures.array(batches));
    print("events stored per second, 4 senders", 2.0 * STEPS * SENDERS * ROUNDS / seconds);
  }

  private static List<Double> tell(ToldRun run, List<StepPath> steps) {
    List<Double> millis = new ArrayList<>();
    for (int from = 0; from < steps.size(); from += STEPS_PER_BATCH) {
      long start = System.nanoTime();
      run.pass(steps.subList(from, from + STEPS_PER_BATCH));
      millis.add(millisSince(start));
    }
    return millis;
  }

  /** From the engine's last word to a feed that has it. */
  private static void measureWayIntoTheFeed(ServerProcess server, Teller teller) {
    HttpTransport http = server.http();
    double[] millis = new double[50];
    for (int i = 0; i < millis.length; i++) {
      ToldRun run = teller.run("fed", steps(8));
      String label = "lastBuildLabel=\"%d\"".formatted(run.id().number());
      long start = System.nanoTime();
      run.finish(Outcome.SUCCEEDED);
      while (!line(http, "fed").contains(label)) {
        Thread.onSpinWait();
      }
      millis[i] = millisSince(start);
      run.end();
    }
    print("the end of a run into the feed of all, ms", millis);
  }

  private static String line(HttpTransport http, String pipeline) {
    String feed = new String(http.get(Routes.CCTRAY).body(), StandardCharsets.UTF_8);
    int begin = feed.indexOf("name=\"" + pipeline + "\"");
    return begin < 0 ? "" : feed.substring(begin, feed.indexOf('>', begin));
  }

  /** Twenty runs change a second, and everybody hears of it. */
  private static void measureListeners(ServerProcess server, Teller teller) throws Exception {
    List<ToldRun> runs =
        IntStream.range(0, RUNS_THAT_CHANGE)
            .mapToObj(number -> teller.run("live-" + number, steps(8)))
            .toList();
    int events = RUNS_THAT_CHANGE * SECONDS;
    // Until everybody who could listen would have heard of their beginning.
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    double before = Figures.memory(server.pid(), "VmRSS");
    long[] sentAt = new long[events];
    try (Listeners listeners = new Listeners(server.port(), LISTENERS, events)) {
      double processor = Figures.processorSeconds(server.pid());
      long begin = System.nanoTime();
      for (int i = 0; i < events; i++) {
        long due = begin + TimeUnit.SECONDS.toNanos(i) / RUNS_THAT_CHANGE;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        sentAt[i] = System.nanoTime();
        runs.get(i % RUNS_THAT_CHANGE).change(new StepPath("step " + i / RUNS_THAT_CHANGE % 8));
      }
      listeners.awaitHeard(events);
      double seconds = millisSince(begin) / 1000;
      double used = Figures.processorSeconds(server.pid()) - processor;
      assertThat(listeners.heard()).as("events heard, fewest and most").containsOnly(events);
      print(LISTENERS + " listeners: a change is heard after, ms", listeners.millisSince(sentAt));
      print(LISTENERS + " listeners: MB per second sent", listeners.bytes() / 1e6 / seconds);
      print(LISTENERS + " listeners: processor seconds per second", used / seconds);
      print("RSS before the listeners, MiB", before);
      print("RSS with them, MiB", Figures.memory(server.pid(), "VmRSS"));
    }
    runs.forEach(
        run -> {
          run.finish(Outcome.SUCCEEDED);
          run.end();
        });
  }
}
