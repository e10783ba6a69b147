package dev.pipewright.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.api.LaunchOrder;
import dev.pipewright.protocol.api.LaunchReport;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.ResourceUse;
import dev.pipewright.protocol.run.Trust;
import dev.pipewright.state.StateConfig;
import dev.pipewright.state.UseCases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.slf4j.LoggerFactory;

/**
 * Fills a data folder with the runs of two months, all of them over. They are made by the use cases
 * of the server themselves, as Builder, Spawner and engine would have asked for them, on a clock
 * that jumps; so they are what the server writes. Output and test reports are there only for the
 * newest run of each pipeline. The same numbers give the same history.
 */
final class HistoryGenerator {
  private static final Duration SPAN = Duration.ofDays(60);
  private static final int RUNS_PER_FLUSH = 5000;
  private static final int RUNS_PER_SWEEP = 500;
  private static final int PIPELINES_PER_SOURCE = 20;
  private static final int ROUNDS_PER_VERSION = 10;
  private static final List<String> PEOPLE =
      List.of("ann", "bob", "chen", "dora", "emil", "fatima", "george", "hana", "igor", "jo");
  private static final List<String> SUBJECTS =
      List.of(
          "Fix the rounding of prices",
          "Add a shelf for returned goods",
          "Bump the driver of the database",
          "Let customers change their address while an order is open",
          "Remove what nobody calls",
          "Retry the payment once when the bank does not answer");

  /** How a run ends. */
  enum Fate {
    SUCCEEDED,
    FAILED,
    OUT_OF_MEMORY,
    TIMED_OUT,
    CANCELLED
  }

  private final UseCases cases;
  private final int pipelines;
  private final int runs;
  private final Random random = new Random(42);
  private final Instant begin;
  private Instant now;

  private HistoryGenerator(Path folder, HistoryStore store, int pipelines, int runs)
      throws IOException {
    this.pipelines = pipelines;
    this.runs = runs;
    this.begin = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(SPAN).minusSeconds(7200);
    this.now = begin;
    this.cases =
        new UseCases(
            StateConfig.of(folder, URI.create("http://localhost"), ServerProcess.TOKEN),
            store,
            () -> now);
  }

  /** Fills {@code folder}, which must be empty. */
  static void fill(Path folder, int pipelines, int runs) throws IOException {
    // A line for each change of each run would take longer than the runs.
    ((Logger) LoggerFactory.getLogger("dev.pipewright.state")).setLevel(Level.WARN);
    try (HistoryStore store = new HistoryStore(folder)) {
      HistoryGenerator generator = new HistoryGenerator(folder, store, pipelines, runs);
      generator.register();
      for (int i = 0; i < runs; i++) {
        generator.run(i);
        if (i % RUNS_PER_SWEEP == 0) {
          generator.cases.queue().sweep();
        }
        if (i % RUNS_PER_FLUSH == 0) {
          store.flush();
        }
      }
    }
  }

  /** The name of a pipeline, counted from 0. */
  static PipelineName pipeline(int number) {
    return new PipelineName("%s-service-%03d".formatted(source(number), number));
  }

  private static SourceName source(int pipeline) {
    return new SourceName("team%02d".formatted(pipeline / PIPELINES_PER_SOURCE));
  }

  private void register() {
    for (int first = 0; first < pipelines; first += PIPELINES_PER_SOURCE) {
      SourceName name = source(first);
      cases
          .sources()
          .register(
              new SourceSpec(
                  name,
                  "https://git.example/" + name + ".git",
                  "plain-git",
                  "secret-of-" + name,
                  null,
                  "main"));
    }
  }

  private void run(int number) {
    now = begin.plus(SPAN.dividedBy(runs).multipliedBy(number));
    NewRun order = order(number % pipelines, number / pipelines);
    RunId run = cases.runs().create(order).run().id();
    Fate fate = fate();
    pass(5);
    if (fate == Fate.CANCELLED) {
      cases.runs().cancel(run, PEOPLE.get(random.nextInt(PEOPLE.size())), "Not needed any more.");
      return;
    }
    LaunchOrder launch = cases.queue().claim("history", Duration.ZERO).orElseThrow();
    cases
        .queue()
        .launched(
            run,
            new LaunchReport(
                launch.fence(),
                "pipewright-" + hash("unit", number),
                "sha256:" + hash("image", 7)));
    boolean newest = number >= runs - pipelines;
    HistoryRun story = new HistoryRun(cases, launch, random, () -> now, this::pass, newest);
    story.play(fate);
    pass(1);
    cases.queue().ended(run, end(launch, fate));
  }

  private LaunchEnd end(LaunchOrder launch, Fate fate) {
    ResourceUse used =
        new ResourceUse(
            20_000L + random.nextInt(200_000),
            300_000_000L + random.nextInt(900_000_000),
            50_000_000L + random.nextInt(500_000_000));
    return switch (fate) {
      case OUT_OF_MEMORY ->
          new LaunchEnd(
              launch.fence(), LaunchEnd.Kind.OOM, 137, "It ran out of memory.", null, null, used);
      case TIMED_OUT ->
          new LaunchEnd(
              launch.fence(),
              LaunchEnd.Kind.LIMIT,
              null,
              "It ran longer than 1 h.",
              null,
              LaunchEnd.Limit.TIME,
              used);
      default ->
          new LaunchEnd(
              launch.fence(),
              LaunchEnd.Kind.EXITED,
              0,
              "The process has ended with code 0.",
              null,
              null,
              used);
    };
  }

  private void pass(int seconds) {
    now = now.plusMillis(200 + random.nextInt(seconds * 1000));
  }

  private Fate fate() {
    int drawn = random.nextInt(100);
    if (drawn < 80) {
      return Fate.SUCCEEDED;
    } else if (drawn < 93) {
      return Fate.FAILED;
    } else if (drawn < 95) {
      return Fate.OUT_OF_MEMORY;
    }
    return drawn < 96 ? Fate.TIMED_OUT : Fate.CANCELLED;
  }

  private NewRun order(int pipeline, int round) {
    PipelineName name = pipeline(pipeline);
    SourceName source = source(pipeline);
    String version = hash(name + "version", round / ROUNDS_PER_VERSION);
    boolean pull = round % 7 == 3;
    return new NewRun(
        "%s|%s|%d".formatted(source, name, round),
        source,
        pull ? "refs/pull/" + (round + 1) + "/head" : "refs/heads/" + branch(round),
        new CommitId(hash(name + "commit", round).substring(0, 40)),
        cause(source, pull ? "pull_request" : kind(), round),
        version,
        BlobDigest.of(version.getBytes(UTF_8)),
        HistoryPlan.of(name),
        Map.of(),
        null,
        false,
        null,
        pull ? new Origin(Trust.INTERNAL, round + 1L, null, null, null) : Origin.TRUSTED);
  }

  /** The last runs of each pipeline are on several branches, too. */
  private String branch(int round) {
    return switch (round % 5) {
      case 1 -> "feature/" + PEOPLE.get(random.nextInt(PEOPLE.size())) + "-" + round % 4;
      case 4 -> "release/1." + round / 25;
      default -> "main";
    };
  }

  private String kind() {
    int drawn = random.nextInt(100);
    return drawn < 88 ? "push" : drawn < 95 ? "manual" : "cron";
  }

  private Cause cause(SourceName source, String kind, int round) {
    return new Cause(
        kind,
        PEOPLE.get(random.nextInt(PEOPLE.size())),
        SUBJECTS.get(random.nextInt(SUBJECTS.size())) + " (#" + round + ")",
        source + "." + round);
  }

  private static String hash(String what, long number) {
    return BlobDigest.of((what + number).getBytes(UTF_8)).hex();
  }
}
