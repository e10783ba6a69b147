package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.Page;
import dev.pipewright.protocol.api.PipelineView;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.RunSnapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that has run for long: all of its history is there, and it goes on. */
class HistoryIT {
  private static final int PIPELINES = 50;
  private static final int RUNS = 1000;

  /** What the real run does not do: no tests, no outputs, no files; what it used is told later. */
  private static final Set<String> NOT_IN_A_SMALL_RUN =
      Set.of(
          "tests",
          "testReport",
          "counts",
          "report",
          "artifacts",
          "outputs",
          "keeps",
          "image",
          "timeoutSeconds",
          "branches",
          "used");

  @TempDir Path folder;

  @Test
  void theWholeHistoryIsThereAndTheServerGoesOnWithIt() throws Exception {
    Path data = folder.resolve("data");
    HistoryGenerator.fill(data, PIPELINES, RUNS);
    try (ServerProcess server =
        ServerProcess.start(
            data, ServerProcess.freePort(), "process", Map.of("PIPEWRIGHT_RECONCILE", "0"))) {
      thenEveryPipelineIsListed(server);
      thenEveryRunIsListed(server, HistoryGenerator.pipeline(7));
      thenTheFeedHasAll(server);
      thenARealRunLooksTheSame(server);
    }
  }

  private static <T> T get(ServerProcess server, String path, Json.Generic<T> type) {
    return Json.read(server.http().get(path).body(), type);
  }

  private static void thenEveryPipelineIsListed(ServerProcess server) {
    List<PipelineView> views =
        get(server, Routes.PIPELINES, new Json.Generic<Page<PipelineView>>() {}).items();
    assertThat(views)
        .hasSize(PIPELINES)
        .allSatisfy(view -> assertThat(view.recent()).as("runs of main").hasSizeBetween(8, 10))
        .allSatisfy(view -> assertThat(view.outcome()).isNotNull());
  }

  private static void thenEveryRunIsListed(ServerProcess server, PipelineName pipeline) {
    List<Long> numbers = new ArrayList<>();
    String path = Routes.RUNS + "?limit=7&pipeline=" + pipeline;
    @Nullable String next = null;
    do {
      Page<RunSnapshot> page =
          get(
              server,
              next == null ? path : path + "&after=" + next,
              new Json.Generic<Page<RunSnapshot>>() {});
      page.items().forEach(run -> numbers.add(run.number()));
      next = page.next();
    } while (next != null);
    int each = RUNS / PIPELINES;
    assertThat(numbers)
        .isEqualTo(LongStream.rangeClosed(1, each).map(i -> each + 1 - i).boxed().toList());
  }

  private static void thenTheFeedHasAll(ServerProcess server) {
    String feed = new String(server.http().get(Routes.CCTRAY).body(), StandardCharsets.UTF_8);
    assertThat(feed.split("<Project ", -1)).hasSize(PIPELINES + 1);
  }

  private void thenARealRunLooksTheSame(ServerProcess server) {
    Scenario scenario = new Scenario(server, folder);
    GitProject project = scenario.givenSource("real");
    project.pipeline(
        "real", "stage(\"verify\", inParallel(sh(\"say\", \"echo here\"), sh(\"too\", \"true\")))");
    project.release("begin");
    RunSnapshot run = scenario.thenFinished("real", 1).getFirst();
    assertThat(run.outcome()).isEqualTo(Outcome.SUCCEEDED);
    Set<String> real = members(server, run.id());
    Set<String> made = members(server, succeeded(server));
    assertThat(made).containsAll(real);
    assertThat(made.stream().filter(name -> !real.contains(name)))
        .allMatch(name -> NOT_IN_A_SMALL_RUN.stream().anyMatch(name::contains));
  }

  private static RunId succeeded(ServerProcess server) {
    return get(
            server,
            Routes.RUNS + "?state=succeeded&ref=main&pipeline=" + HistoryGenerator.pipeline(3),
            new Json.Generic<Page<RunSnapshot>>() {})
        .items()
        .getFirst()
        .id();
  }

  /** The names of everything a run has that is not null or empty, with the events. */
  private static Set<String> members(ServerProcess server, RunId run) {
    Set<String> found = new TreeSet<>();
    for (String action : List.of("", "events")) {
      Object json = Json.read(server.http().get(Routes.run(run, action)).body(), Object.class);
      gather(json, action, found);
    }
    return found;
  }

  private static void gather(@Nullable Object value, String name, Set<String> found) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> gather(member, name + "/" + key, found));
    } else if (value instanceof List<?> list) {
      list.forEach(member -> gather(member, name, found));
    } else if (value != null) {
      found.add(name);
    }
  }
}
