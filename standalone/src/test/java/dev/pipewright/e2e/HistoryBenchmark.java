package dev.pipewright.e2e;

import static dev.pipewright.e2e.Figures.millisSince;
import static dev.pipewright.e2e.Figures.print;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.client.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures a server with a long history and prints one line a figure. Not part of the tests;
 * docs/benchmarks.md has the command.
 */
class HistoryBenchmark {
  private static final int PIPELINES = LongHistory.PIPELINES;
  private static final int RUNS = LongHistory.RUNS;
  private static final int ASKED = 200;
  private static final int WARM = 50;

  private final Random random = new Random(7);

  @TempDir Path folder;

  @Test
  void aLongHistory() throws Exception {
    Path data = LongHistory.in(folder, PIPELINES, RUNS);
    print("bytes of the database per run", (double) Files.size(data.resolve("state.mv")) / RUNS);
    Map<String, String> settings = Map.of("PIPEWRIGHT_RECONCILE", "0");
    double[] ready = new double[3];
    for (int i = 0; i < ready.length; i++) {
      long start = System.nanoTime();
      try (ServerProcess server = started(data, settings)) {
        ready[i] = millisSince(start);
        if (i == ready.length - 1) {
          rss(server, "after start");
        }
      }
    }
    print("up: start to ready, ms", ready);
    try (ServerProcess server = started(data, settings)) {
      measurePages(server);
      measureFeed(server, PIPELINES);
      measurePaints(server);
      rss(server, "after pages and feeds");
    }
  }

  @Test
  void smallFeeds() throws Exception {
    for (int pipelines : List.of(1, 100)) {
      try (ServerProcess server =
          started(
              LongHistory.in(folder, pipelines, pipelines * 10),
              Map.of("PIPEWRIGHT_RECONCILE", "0"))) {
        measureFeed(server, pipelines);
      }
    }
  }

  private static ServerProcess started(Path data, Map<String, String> settings) {
    return ServerProcess.start(data, ServerProcess.freePort(), "process", settings);
  }

  private static void rss(ServerProcess server, String when) {
    await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
    print("RSS " + when + ", MiB", Figures.memory(server.pid(), "VmRSS"));
    print("RSS " + when + ", most so far, MiB", Figures.memory(server.pid(), "VmHWM"));
  }

  private void measurePages(ServerProcess server) {
    int perPipeline = RUNS / PIPELINES;
    measure(server, "overview", () -> Routes.PIPELINES);
    measure(server, "newest runs of all", () -> Routes.RUNS + "?limit=30");
    measure(server, "pipeline", () -> Routes.PIPELINES + "/" + anyPipeline());
    measure(server, "history, first page", () -> runsOf(anyPipeline(), ""));
    measure(
        server,
        "history, a page far back",
        () -> runsOf(anyPipeline(), "&after=" + (1 + random.nextInt(perPipeline))));
    measure(server, "history, broken ones", () -> runsOf(anyPipeline(), "&state=broken"));
    measure(
        server,
        "run",
        () -> Routes.RUNS + "/" + anyPipeline() + "%23" + (1 + random.nextInt(perPipeline)));
    measure(
        server,
        "tests of a run",
        () -> Routes.RUNS + "/" + anyPipeline() + "%23" + perPipeline + "/tests");
  }

  private PipelineName anyPipeline() {
    return HistoryGenerator.pipeline(random.nextInt(PIPELINES));
  }

  private static String runsOf(PipelineName pipeline, String more) {
    String name = URLEncoder.encode(pipeline.value(), StandardCharsets.UTF_8);
    return Routes.RUNS + "?limit=30&pipeline=" + name + more;
  }

  private static void measure(ServerProcess server, String what, Supplier<String> path) {
    HttpTransport http = server.http();
    double[] millis = new double[ASKED];
    long bytes = 0;
    for (int i = -WARM; i < ASKED; i++) {
      String asked = path.get();
      long start = System.nanoTime();
      HttpTransport.Answer answer = http.get(asked);
      double took = millisSince(start);
      assertThat(answer.isEmpty()).as(asked).isFalse();
      if (i >= 0) {
        millis[i] = took;
        bytes += answer.body().length;
      }
    }
    print("%s (%,d bytes), ms".formatted(what, bytes / ASKED), millis);
  }

  private void measurePaints(ServerProcess server) throws Exception {
    try (Chromium browser = new Chromium(Files.createDirectory(folder.resolve("browser")))) {
      measurePaint(browser, "overview", ".row", () -> server.uri() + "/");
      measurePaint(
          browser,
          "run page",
          ".run-body",
          () -> server.uri() + "/runs/" + anyPipeline() + "%23" + RUNS / PIPELINES);
    }
  }

  private static void measurePaint(
      Chromium browser, String what, String awaited, Supplier<String> page) {
    double[] first = new double[10];
    double[] shown = new double[10];
    for (int i = -2; i < first.length; i++) {
      Chromium.Painted painted = browser.open(URI.create(page.get()), awaited);
      if (i >= 0) {
        first[i] = painted.first();
        shown[i] = painted.shown();
      }
    }
    print(what + ", first paint, ms", first);
    print(what + ", first paint of its content, ms", shown);
  }

  /** The feed beside a static answer of the same bytes, twice in turn; the better of each. */
  private void measureFeed(ServerProcess server, int pipelines) throws Exception {
    byte[] feed = server.http().get(Routes.CCTRAY).body();
    assertThat(new String(feed, StandardCharsets.UTF_8).split("<Project ", -1))
        .hasSize(pipelines + 1);
    Path file = Files.write(folder.resolve("feed-" + pipelines + ".xml"), feed);
    int port = ServerProcess.freePort();
    Process other = staticServer(port, file);
    try {
      URI fixed = URI.create("http://127.0.0.1:" + port + "/static");
      URI ours = URI.create("http://127.0.0.1:" + server.port() + Routes.CCTRAY);
      awaitAnswer(fixed);
      Wrk unusedWarm = Wrk.of(fixed, 8, 3);
      Wrk unusedToo = Wrk.of(ours, 8, 3);
      double best = 0;
      double floor = 0;
      for (int round = 0; round < 2; round++) {
        Wrk plain = Wrk.of(fixed, 8, 5);
        floor = Math.max(floor, plain.perSecond());
        print("static answer of the same bytes, 8 connections, p99 ms", plain.p99Millis());
        Wrk told = Wrk.of(ours, 8, 5);
        best = Math.max(best, told.perSecond());
        print(
            "cctray, %,d pipelines, 8 connections, median ms".formatted(pipelines),
            told.medianMillis());
        print(
            "cctray, %,d pipelines, 8 connections, p99 ms".formatted(pipelines), told.p99Millis());
      }
      Wrk alone = Wrk.of(ours, 1, 3);
      print("cctray, %,d pipelines, 1 connection, p99 ms".formatted(pipelines), alone.p99Millis());
      print(
          "cctray, %,d pipelines (%,d bytes), per second".formatted(pipelines, feed.length), best);
      print("static answer of the same bytes, per second", floor);
      print("cctray, %,d pipelines, in percent of it".formatted(pipelines), 100 * best / floor);
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  private static Process staticServer(int port, Path file) throws IOException {
    List<String> command = new ArrayList<>(ServerProcess.command("up"));
    int classPath = command.indexOf("-cp") + 1;
    String tests = Path.of("target", "test-classes").toAbsolutePath().toString();
    command.set(classPath, tests + ":" + command.get(classPath));
    command.set(classPath + 1, StaticAnswer.class.getName());
    command.removeLast();
    command.addAll(List.of(Integer.toString(port), file.toString()));
    return new ProcessBuilder(command).inheritIO().start();
  }

  private static void awaitAnswer(URI uri) {
    HttpTransport http = new HttpTransport(uri.resolve("/"), null, Duration.ofSeconds(5));
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> http.get(uri.getPath()).status() == 200);
  }
}
