package dev.pipewright.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.BlobDigest;
import dev.pipewright.protocol.CommitId;
import dev.pipewright.protocol.PipelineName;
import dev.pipewright.protocol.SourceName;
import dev.pipewright.protocol.api.ApiException;
import dev.pipewright.protocol.api.DeliveryAccepted;
import dev.pipewright.protocol.api.NewRun;
import dev.pipewright.protocol.api.Routes;
import dev.pipewright.protocol.api.SourceSpec;
import dev.pipewright.protocol.client.HttpTransport;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Cause;
import dev.pipewright.protocol.run.Origin;
import dev.pipewright.protocol.run.Plan;
import dev.pipewright.protocol.run.RunSnapshot;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the all-in-one server while many write. {@code -Dkillstorm.rounds=20} kills it
 * more often; docs/benchmarks.md has the command.
 */
class KillStormIT {
  private static final int ROUNDS = Integer.getInteger("killstorm.rounds", 4);
  private static final int WRITERS = 8;
  private static final int FEWEST_WRITES = 100;
  private static final int MORE_EACH_ROUND = 37;
  private static final SourceName STORM = new SourceName("storm");

  private final AtomicInteger numbers = new AtomicInteger();
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  @Test
  void everythingThatWasAcknowledgedIsThereHoweverOftenTheServerIsKilled() throws Exception {
    // Nothing may be missing because it was removed for its age.
    Map<String, String> settings =
        Map.of("PIPEWRIGHT_MAX_TOTAL_RUNS", "1", "PIPEWRIGHT_KEEP_RUNS", "100000");
    try (ServerProcess server =
        ServerProcess.start(
            folder.resolve("data"), ServerProcess.freePort(), "process", settings)) {
      server
          .http()
          .post(
              Routes.SOURCES,
              new SourceSpec(
                  STORM, folder.resolve("none").toString(), "plain-git", null, null, null));
      for (int round = 0; round < ROUNDS; round++) {
        storm(server, acknowledged.size() + FEWEST_WRITES + round * MORE_EACH_ROUND);
        server.restart();
        thenAllIsThere(server.http());
      }
      System.out.printf(
          "FIGURE | kills %d, acknowledged writes %d, lost 0 |%n", ROUNDS, acknowledged.size());
    }
  }

  /** Kills the server in the midst of it, once so many writes in all were acknowledged. */
  private void storm(ServerProcess server, int enough) {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.execute(() -> write(server.http(), over));
      }
      try {
        await().atMost(Scenario.PATIENCE).until(() -> acknowledged.size() >= enough);
      } finally {
        server.kill();
        over.set(true);
      }
    }
  }

  private void write(HttpTransport http, AtomicBoolean over) {
    while (!over.get()) {
      try {
        // What is added is what the server has said yes to, and nothing else.
        acknowledged.add(writeOne(http, numbers.incrementAndGet()));
      } catch (UncheckedIOException | ApiException e) {
        // Never acknowledged: the server was killed, or is about to be.
      }
    }
  }

  /** Writes something of one kind; returns where it must be found from then on. */
  private static String writeOne(HttpTransport http, int number) {
    switch (number % 3) {
      case 0 -> {
        String line = "%s %s refs/heads/main\n".formatted("0".repeat(40), hex(number));
        byte[] body = line.getBytes(StandardCharsets.UTF_8);
        byte[] answer = http.postBytes(Routes.HOOKS + "/" + STORM, body).body();
        return Routes.DELIVERIES + "/" + Json.read(answer, DeliveryAccepted.class).id();
      }
      case 1 -> {
        byte[] answer = http.post(Routes.RUNS, order(number)).body();
        return Routes.run(Json.read(answer, RunSnapshot.class).id(), "");
      }
      default -> {
        byte[] content = ("blob " + number).repeat(500).getBytes(StandardCharsets.UTF_8);
        String path = Routes.blob(BlobDigest.of(content));
        http.putBytes(path, content);
        return path;
      }
    }
  }

  private static String hex(int number) {
    return "%040x".formatted(number);
  }

  private static NewRun order(int number) {
    return new NewRun(
        "storm key " + number,
        STORM,
        "refs/heads/main",
        new CommitId(hex(number)),
        new Cause("push", "ann", "Number " + number, "storm.1"),
        "storm-1",
        BlobDigest.of("no bundle".getBytes(StandardCharsets.UTF_8)),
        new Plan(new PipelineName("storm"), "StormPipeline", List.of(), null, List.of()),
        Map.of(),
        null,
        false,
        null,
        Origin.TRUSTED);
  }

  private void thenAllIsThere(HttpTransport http) {
    List<String> lost = new ArrayList<>();
    for (String path : acknowledged) {
      try {
        assertThat(http.get(path).isEmpty()).as(path).isFalse();
      } catch (ApiException e) {
        lost.add(path + ": " + e.getMessage());
      }
    }
    assertThat(lost).isEmpty();
  }
}
