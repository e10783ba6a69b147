package dev.pipewright.spawner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pipewright.protocol.RunId;
import dev.pipewright.protocol.api.LaunchEnd;
import dev.pipewright.protocol.json.Json;
import dev.pipewright.protocol.run.Outcome;
import dev.pipewright.spawner.launch.Launched;
import dev.pipewright.spawner.launch.UnitId;
import dev.pipewright.spawner.launch.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs when the Spawner is killed and started again. */
@Timeout(180)
class RestartIT {
  private static final String NONE = "0".repeat(40);
  private static final String A = "a".repeat(40);
  private static final RunId FIRST = RunId.parse("shop#1");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Path data;
  private SpawnerFixture spawner;

  RestartIT(@TempDir Path data) {
    this.data = data;
  }

  @BeforeEach
  void start() throws Exception {
    spawner = new SpawnerFixture(data, SpawnerFixture.FINISHES);
  }

  @AfterEach
  void stop() throws Exception {
    spawner.end();
  }

  private static String push(String commit, String ref) {
    return NONE + " " + commit + " " + ref + "\n";
  }

  private LaunchEnd endOf(RunId run) {
    await().atMost(LONG).until(() -> spawner.state.endOf(run).isPresent());
    return spawner.state.endOf(run).orElseThrow();
  }

  private void awaitLaunch(RunId run) {
    await().atMost(LONG).until(() -> spawner.state.unitOf(run).isPresent());
  }

  private void awaitNoUnits() {
    await().atMost(LONG).until(() -> spawner.launcher().list().isEmpty());
  }

  @Test
  void followsAUnitAgainAfterARestart() throws Exception {
    spawner.engine("while [ ! -e \"$PIPEWRIGHT_WORKSPACE/go\" ]; do sleep 0.05; done; exit 7\n");
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);
    Launched unit = spawner.launcher().list().getFirst();

    spawner.stop();
    spawner.start();
    Files.createFile(
        data.resolve("launcher/workspaces").resolve(unit.workspace().value()).resolve("go"));

    assertThat(endOf(FIRST).exitCode()).isEqualTo(7);
    awaitNoUnits();
  }

  @Test
  void reportsAnEndThatHappenedWhileItWasDown() throws Exception {
    spawner.engine("while [ ! -e \"$PIPEWRIGHT_WORKSPACE/go\" ]; do sleep 0.05; done; exit 7\n");
    spawner.post("shop", push(A, "refs/heads/main"));
    awaitLaunch(FIRST);
    Launched unit = spawner.launcher().list().getFirst();
    spawner.stop();
    Files.createFile(
        data.resolve("launcher/workspaces").resolve(unit.workspace().value()).resolve("go"));
    await()
        .atMost(LONG)
        .until(() -> Files.exists(spawner.units().resolve(unit.unit().value()).resolve("exit")));

    spawner.start();

    assertThat(endOf(FIRST).exitCode()).isEqualTo(7);
  }

  @Test
  void startsARunItHadOnlyClaimedBeforeTheRestart() throws Exception {
    spawner.stop();
    spawner.state.create(SpawnerFixture.aRun());
    spawner.state.claimedBefore(FIRST, null);

    spawner.start();

    assertThat(endOf(FIRST).exitCode()).isZero();
  }

  @Test
  void endsARunWhoseUnitIsGoneAfterTheRestart() throws Exception {
    spawner.stop();
    spawner.state.create(SpawnerFixture.aRun());
    spawner.state.claimedBefore(FIRST, "pw-gone");

    spawner.start();

    assertThat(endOf(FIRST).kind()).isEqualTo(LaunchEnd.Kind.LOST);
  }

  @Test
  void startsARunAgainWhoseLaunchWasCutOffByTheRestart() throws Exception {
    spawner.stop();
    spawner.state.create(SpawnerFixture.aRun());
    spawner.state.claimedBefore(FIRST, null);
    UnitId unit = UnitId.of("it", FIRST, 1);
    UnitId workspace = Workspace.of("it", FIRST, 1).name();
    Files.createDirectories(spawner.units().resolve(unit.value()));
    Files.write(
        spawner.units().resolve(unit.value()).resolve("unit.json"),
        Json.bytes(new Launched(unit, FIRST, 1, workspace, Instant.parse("2090-01-01T00:00:00Z"))));

    spawner.start();

    assertThat(endOf(FIRST).exitCode()).isZero();
    assertThat(endOf(FIRST).fence()).isEqualTo(2);
    awaitNoUnits();
  }

  @Test
  void reportsTheEndOfARunThatWasFinishedBeforeTheRestart() throws Exception {
    spawner.stop();
    spawner.state.create(SpawnerFixture.aRun());
    spawner.state.claimedBefore(FIRST, "pw-gone");
    spawner.state.finishedByEngine(FIRST, Outcome.SUCCEEDED);

    spawner.start();

    assertThat(endOf(FIRST).kind()).isEqualTo(LaunchEnd.Kind.EXITED);
  }
}
