package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.protocol.run.Phase;
import dev.pipewright.protocol.run.RunSnapshot;
import dev.pipewright.testing.NeedsHaproxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes while the components are killed. {@code -Dstorm.pushes=200 -Dstorm.seed=7} makes a longer
 * or another storm; docs/benchmarks.md has the command.
 */
@NeedsHaproxy
class StormIT {
  private static final Logger LOG = LoggerFactory.getLogger(StormIT.class);
  private static final int PUSHES = Integer.getInteger("storm.pushes", 60);
  private static final long SEED = Long.getLong("storm.seed", 4);
  private static final Duration PATIENCE = Duration.ofMinutes(2).plusSeconds(PUSHES);
  private static final List<String> SOURCES = List.of("rain", "hail");
  private static final String MAIN = "refs/heads/main";
  private static final int PUSHES_PER_DEATH = 11;
  private static final int LONGEST_PAUSE_MILLIS = 200;
  private static final int LONGEST_DEATH_MILLIS = 1500;

  @TempDir Path folder;

  @Test
  void everyPushHasOneRunWhoeverDies() throws Exception {
    try (Cluster cluster = Cluster.startBlind(folder);
        Sender sender = new Sender(cluster.uri())) {
      Scenario scenario = new Scenario(cluster, folder);
      Effects effects = new Effects(folder, "storm");
      Map<String, GitProject> projects = new HashMap<>();
      Map<String, List<String>> pushed = new HashMap<>();
      for (String source : SOURCES) {
        projects.put(source, given(scenario, source, effects));
        pushed.put(source, new ArrayList<>());
      }

      Random random = new Random(SEED);
      try (Reaper reaper = new Reaper(cluster, random.nextLong());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> deliveries = new ArrayList<>();
        for (int i = 0; i < PUSHES; i++) {
          String source = SOURCES.get(random.nextInt(SOURCES.size()));
          String commit = Objects.requireNonNull(projects.get(source)).release("push " + i);
          Objects.requireNonNull(pushed.get(source)).add(commit);
          deliveries.add(threads.submit(() -> sender.deliver(source, MAIN, commit)));
          TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
          if (i % PUSHES_PER_DEATH == 3) {
            reaper.takeOne();
          }
        }
        for (Future<?> delivery : deliveries) {
          delivery.get();
        }
        LOG.atInfo()
            .addKeyValue("seed", SEED)
            .addKeyValue("killed", reaper.taken())
            .addKeyValue("deliveredAgain", sender.repeated())
            .log("The storm is over");
      }

      for (String source : SOURCES) {
        thenEachRanOnce(scenario, source, Objects.requireNonNull(pushed.get(source)));
      }
      assertThat(effects.lines())
          .containsExactlyInAnyOrderElementsOf(
              pushed.values().stream().flatMap(List::stream).toList());
    }
  }

  private GitProject given(Scenario scenario, String source, Effects effects) {
    GitProject project = new GitProject(folder.resolve(source));
    scenario.register(source, project, Sender.SECRET, "plain-git");
    return project.pipeline(
        source, "checkout(), sh(\"note\", \"git rev-parse HEAD >>" + effects.file() + "\")");
  }

  /** Kills one after the other, each as often as any other, and starts it again a moment later. */
  private static final class Reaper implements AutoCloseable {
    private final Cluster cluster;
    private final Random random;
    private final Deque<String> next = new ArrayDeque<>();
    private final List<String> taken = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Future<?> awakening = CompletableFuture.completedFuture(null);

    Reaper(Cluster cluster, long seed) {
      this.cluster = cluster;
      this.random = new Random(seed);
    }

    /** Waits until the last one is back, if need be, so that a slow machine has as many deaths. */
    void takeOne() throws Exception {
      awakening.get();
      if (next.isEmpty()) {
        List<String> all = new ArrayList<>(cluster.workers());
        Collections.shuffle(all, random);
        next.addAll(all);
      }
      String victim = next.remove();
      taken.add(victim);
      cluster.process(victim).kill();
      long death = random.nextInt(LONGEST_DEATH_MILLIS);
      awakening =
          threads.submit(
              () -> {
                TimeUnit.MILLISECONDS.sleep(death);
                cluster.process(victim).restart();
                return null;
              });
    }

    List<String> taken() {
      return taken;
    }

    @Override
    public void close() {
      threads.close();
      var unused = awakening.resultNow();
    }
  }

  private static void thenEachRanOnce(Scenario scenario, String source, List<String> commits) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(scenario.runs(source))
                    .hasSizeGreaterThanOrEqualTo(commits.size())
                    .allMatch(run -> run.state() == Phase.FINISHED));
    List<RunSnapshot> runs = scenario.runs(source);
    assertThat(runs)
        .extracting(run -> run.commit().value())
        .containsExactlyInAnyOrderElementsOf(commits);
    assertThat(runs)
        .allSatisfy(run -> assertThat(run.outcome()).as(run.reason()).isEqualTo(Outcome.SUCCEEDED));
  }
}
